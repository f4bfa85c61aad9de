import { expect, test } from 'vitest'
import { aFile, aRecord } from '../../fixtures/records.js'
import type { HeldTime } from '../serial/held-times.js'
import { expectedHolds } from './expected-holds.js'
import type { FileRecord } from './run-record.js'

const db = { name: 'group:db', mode: 'shared' } as const
const ledger = { name: 'ledger', mode: 'exclusive' } as const

function file(key: string, held: readonly HeldTime[], changes: Partial<FileRecord> = {}): FileRecord {
  return aFile(key, 100, { held, ...changes })
}

test('a file that held something for more than half of its time is expected to do so again', () => {
  const record = aRecord([
    aFile('a'),
    file('b', [{ ...db, ms: 51 }]),
    file('c', [{ ...db, ms: 50 }]),
    file('d', [
      { ...db, ms: 90 },
      { ...ledger, ms: 80 },
      { name: 'smtp', mode: 'shared', ms: 10 },
    ]),
  ])
  expect([...expectedHolds([record])]).toEqual([
    ['b', [db]],
    ['d', [db, ledger]],
  ])
})

test('its newest run counts, if it was measured as a whole', () => {
  const old = aRecord(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => file(key, [{ ...db, ms: 90 }])))
  const recent = aRecord([
    file('b', []),
    file('c', [{ ...ledger, ms: 90 }]),
    file('d', [], { isPartial: true }),
    file('e', [{ ...ledger, ms: 90 }], { outcome: 'crashed' }),
    file('f', [], { outcome: 'failed' }),
  ])
  expect(new Map(expectedHolds([old, recent]))).toEqual(
    new Map([
      ['a', [db]],
      ['c', [ledger]],
      ['d', [db]],
      ['e', [db]],
    ]),
  )
})

test('a history in which nothing was held expects nothing', () => {
  expect(expectedHolds([aRecord({ a: 1 }), aRecord({ b: 2 })]).size).toBe(0)
  expect(expectedHolds([]).size).toBe(0)
})
