import { expect, test } from 'vitest'
import { claimOf } from './serial-claim.js'
import { HeldTimes } from './held-times.js'

const ledger = claimOf('ledger', 'exclusive')
const db = { name: 'db', limit: 2, scope: 'run', permits: 1 } as const

test('times add up, simultaneous ones count once, modes are apart', () => {
  let now = 0
  const times = new HeldTimes(() => now)
  const first = times.begin({ groups: [db], serial: ledger })
  now = 10
  const second = times.begin({ groups: [db], serial: undefined })
  now = 15
  first()
  first()
  now = 20
  second()
  const third = times.begin({ groups: [{ ...db, permits: 'all' }], serial: claimOf('ledger', 'shared') })
  now = 23
  expect(times.all).toEqual([
    { name: 'group:db', mode: 'shared', ms: 20 },
    { name: 'ledger', mode: 'exclusive', ms: 15 },
    { name: 'group:db', mode: 'exclusive', ms: 3 },
    { name: 'ledger', mode: 'shared', ms: 3 },
  ])
  third()
  now = 99
  expect(times.all.at(-1)).toEqual({ name: 'ledger', mode: 'shared', ms: 3 })
})

test('the only permit of a group is not more than any member takes', () => {
  const times = new HeldTimes(() => 0)
  times.begin({ groups: [{ ...db, limit: 1, permits: 'all' }], serial: claimOf(undefined, 'exclusive') })
  expect(times.all).toMatchObject([
    { name: 'group:db', mode: 'shared' },
    { name: '', mode: 'exclusive' },
  ])
})
