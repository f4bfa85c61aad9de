import { expect, test } from 'vitest'
import { prefixConsole } from './prefix-console.js'

const prefix = (text: string): string => `[slot 1] ${text}`

/** Calls as Jest's console does: its method, one of its own, then the format. */
class PrintingConsole {
  _formatBuffer = (type: string, message: string): string => `${type}: ${message}`

  log(message: string): string {
    return this._log('log', message)
  }

  _log(type: string, message: string): string {
    return this._formatBuffer(type, message)
  }
}

test('what Jest tells at the end begins with the prefix', () => {
  const buffer = [{ message: 'one' }, { message: 'two' }]
  const end = prefixConsole({ getBuffer: () => buffer }, prefix, undefined)
  expect(buffer[0]?.message).toBe('one')
  end()
  expect(buffer).toEqual([{ message: '[slot 1] one' }, { message: '[slot 1] two' }])
  // Jest 30, where nothing was printed.
  prefixConsole({ getBuffer: () => undefined }, prefix, undefined)()
})

test('what Jest prints at once begins with the prefix, and is of the line that printed it', () => {
  const console = new PrintingConsole()
  let origin = ''
  prefixConsole(console, prefix, (type, message, level) => {
    origin = new Error('here').stack?.split('\n')[level] ?? ''
    return `${type}: ${message}`
  })
  const printed = (function userOfConsole() {
    return console.log('one')
  })()
  expect(printed).toBe('log: [slot 1] one')
  expect(origin).toContain('userOfConsole')
})

test('a console that is not known is left as it is', () => {
  const console = new PrintingConsole()
  prefixConsole(console, prefix, undefined)()
  expect(console.log('one')).toBe('log: one')
})
