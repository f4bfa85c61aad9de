import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { prefixConsole } from './prefix-console.js'

test('every line begins with what it is then, whoever else has put something before', () => {
  const { console, written } = consoleOf()
  prefixConsole(console, () => '[first] ')
  let slot = 1
  prefixConsole(console, () => `[slot ${slot}] `)
  console.log('one\ntwo %d', 2)
  slot = 2
  console.error('three')
  console.group('group')
  console.info({ inner: true })
  expect(written()).toBe('[slot 1] one\n[slot 1] two 2\n[slot 2] three\n[slot 2] group\n[slot 2]   { inner: true }\n')
})

function consoleOf(): { readonly console: Console; readonly written: () => string } {
  let text = ''
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      text += chunk.toString()
      done()
    },
  })
  return { console: new Console(stream, stream), written: () => text }
}
