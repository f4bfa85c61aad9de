import { expect, test } from 'vitest'
import { attempt, ResourceWorld } from '../../fixtures/resource-world.js'
import { defineResource, type PerTest } from './resource.js'

interface Store {
  readonly id: string
  readonly rows: string[]
}

/** Rows in the memory of the main process, and what was done with them. */
function rowsResource(log: string[] = [], perTest?: PerTest) {
  return defineResource({
    kind: 'rows',
    perTest,
    create: ({ slot, lifetime, number }): Store => {
      log.push(`create ${lifetime} ${slot}`)
      return { id: `${lifetime}-${slot}-${number}`, rows: [] }
    },
    value: ({ id }) => ({ id }),
    env: ({ id }) => ({ ROWS_ID: id }),
    reset: ({ rows }) => {
      log.push('reset')
      return { cleaned: rows.splice(0) }
    },
    calls: {
      add: ({ rows }: Store, ...added: string[]) => rows.push(...added),
      list: ({ rows }: Store) => [...rows],
      fail: () => {
        throw Object.assign(new TypeError('no such row'), { code: 'E_ROW' })
      },
    },
    destroy: () => void log.push('destroy'),
  })
}

interface Rows {
  readonly id: string
  readonly add: (...rows: readonly string[]) => Promise<number>
  readonly list: () => Promise<string[]>
  readonly fail: () => Promise<never>
}

test('every test finds it clean, files share it, and it is gone at the end', async () => {
  const log: string[] = []
  const world = new ResourceWorld({ main: rowsResource(log) })
  const worker = world.newWorker()
  for (const name of ['a.test.ts', 'b.test.ts']) {
    const file = await world.openFile(worker, name)
    for (let i = 0; i < 2; i++) {
      await attempt(file, async (one) => {
        const rows = file.handleOf('main', one) as Rows
        expect(await rows.list()).toEqual([])
        expect(await rows.add('x', 'y')).toBe(2)
        expect(await rows.list()).toEqual(['x', 'y'])
      })
    }
    await file.close()
  }
  await world.run.close({ hasFailed: false })
  expect(log).toEqual(['create worker 1', 'reset', 'reset', 'reset', 'reset', 'reset', 'destroy'])
  expect(world.lines).toEqual([])
})
