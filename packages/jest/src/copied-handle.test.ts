import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { copiedHandle } from './copied-handle.js'

interface Handle {
  readonly dir: { readonly path: string }
  readonly rows: (...ids: number[]) => Promise<unknown>
  readonly count: () => unknown
}

const FOREIGN = `({
  dir: { path: '/a' },
  prefix: 'row ',
  async rows(...ids) { return ids.map((id) => ({ id, name: this.prefix + id })) },
  count() { return [1] },
  async fails() { throw new TypeError('no such table') },
})`

function foreign(): object {
  return runInNewContext(FOREIGN) as object
}

test('data and results are made of what tests have', async () => {
  const handle = copiedHandle(foreign()) as Handle
  expect(handle.dir).toStrictEqual({ path: '/a' })
  expect(await handle.rows(1, 2)).toStrictEqual([
    { id: 1, name: 'row 1' },
    { id: 2, name: 'row 2' },
  ])
  expect(handle.count()).toStrictEqual([1])
})

test('what a call throws is thrown', async () => {
  const handle = copiedHandle(foreign()) as { readonly fails: () => Promise<never> }
  await expect(handle.fails()).rejects.toThrow('no such table')
})

test('whoever asks twice gets the same', () => {
  const handle = foreign()
  expect(copiedHandle(handle)).toBe(copiedHandle(handle))
})

test('a client stays what it is, also one that can be called, and what its calls give', async () => {
  class Query extends Promise<unknown[]> {
    execute(): this {
      return this
    }
  }
  const query = Query.resolve([1]) as Query
  const sql = Object.assign(() => query, { end: () => undefined })
  const handle = copiedHandle({ sql, ask: () => query }) as { readonly sql: unknown; readonly ask: () => Query }
  expect(handle.sql).toBe(sql)
  expect(handle.ask().execute()).toBe(query)
})

test('what costs something to get is got when somebody asks for it', () => {
  let count = 0
  const handle = copiedHandle({
    get rows() {
      return [++count]
    },
  }) as { readonly rows: unknown }
  expect(count).toBe(0)
  expect(handle.rows).toStrictEqual([1])
})
