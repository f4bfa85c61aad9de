import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { copied } from './copied.js'

/** What another realm has made. */
function foreign(source: string): unknown {
  return runInNewContext(`(${source})`, { Buffer })
}

test('plain data is what tests themselves could have made', () => {
  const made = foreign(
    `[{ id: 1, at: new Date(0), of: { b: [1n, null, undefined] } }, new Map([['a', [1]]]), new Set([{}])]`,
  )
  const own = [{ id: 1, at: new Date(0), of: { b: [1n, null, undefined] } }, new Map([['a', [1]]]), new Set([{}])]
  expect(made).not.toStrictEqual(own)
  expect(copied(made)).toStrictEqual(own)
})

test('what refers to itself does so in the copy', () => {
  const copy = copied(foreign(`(() => { const a = { list: [] }; a.list.push(a); return a })()`)) as { list: unknown[] }
  expect(copy.list[0]).toBe(copy)
  expect(Array.isArray(copy.list)).toBe(true)
})

test('a name that means something to JavaScript is only a name', () => {
  const copy = copied(foreign(`JSON.parse('{"__proto__": 1}')`)) as object
  expect(Object.keys(copy)).toEqual(['__proto__'])
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
})

test('what is more than data stays what it is', () => {
  class Client {
    readonly url = '/'
  }
  const [client, bytes, call] = [new Client(), Buffer.from('a'), () => 1]
  const copy = copied({ client, bytes, call })
  expect(copy.client).toBe(client)
  expect(copy.bytes).toBe(bytes)
  expect(copy.call).toBe(call)
})
