import type { Participant, ResourceStatus } from '@heddle/core/leases'
import { expect, it } from 'vitest'
import { colorsFor } from './colors.js'
import { argumentOf, formatLocks, titleOf } from './locks-table.js'

const CWD = '/repo/shop'
const SHOWN = { cwd: CWD, colors: colorsFor({ write: () => true }, {}) }
const WHO: Participant = {
  pid: 5120,
  state: 'running',
  permits: 'all',
  forMs: 12_400,
  file: undefined,
  test: undefined,
  run: undefined,
  cwd: CWD,
}
const LOCK: ResourceStatus = {
  id: 'ledger-0f',
  name: 'ledger',
  scope: 'workspace',
  limit: Infinity,
  holders: [WHO],
  waiters: [],
}

it('shows holders and waiters in their order', () => {
  const labelled = { run: '01234567-89ab-cdef-0123-456789abcdef', file: 'test/ledger.test.ts' }
  const lock: ResourceStatus = {
    ...LOCK,
    holders: [{ ...WHO, ...labelled, test: 'closes the year' }],
    waiters: [
      { ...WHO, ...labelled, pid: 5133, state: 'stopped', forMs: 3000, cwd: '/repo/api' },
      { ...WHO, pid: undefined, forMs: undefined, permits: 1, run: 'pipeline-77' },
    ],
  }
  expect(formatLocks([lock], SHOWN)).toBe(`"ledger", scope workspace
ROLE      FOR   PID  STATE    MODE       RUN          FILE                 TEST             DIRECTORY
holds    12 s  5120  running  exclusive  01234567     test/ledger.test.ts  closes the year
waits 1   3 s  5133  stopped  exclusive  01234567     test/ledger.test.ts                   /repo/api
waits 2     –     –  running  shared     pipeline-77
`)
})

it('tells permits where there is a limit', () => {
  const lock: ResourceStatus = { ...LOCK, name: 'smtp', limit: 3, holders: [{ ...WHO, permits: 2 }] }
  expect(formatLocks([lock], SHOWN)).toBe(`"smtp", scope workspace, limit 3
ROLE    FOR   PID  STATE    MODE
holds  12 s  5120  running  2 of 3
`)
})

it('calls groups and their slots by their names, and what to break by that of the lock', () => {
  const [group, slot] = ['group:postgres', 'group:postgres#2'].map((name): ResourceStatus => ({
    ...LOCK,
    name,
    limit: 2,
  }))
  expect([group, slot].map((lock) => titleOf(lock as ResourceStatus))).toEqual([
    'group "postgres"',
    'slot 2 of group "postgres"',
  ])
  expect(argumentOf(group as ResourceStatus)).toBe('group:postgres')
  expect(argumentOf(slot as ResourceStatus)).toBe("'group:postgres#2'")
})

it('says how to go on where a holder cannot be judged', () => {
  const lock: ResourceStatus = { ...LOCK, name: "Ann's db", holders: [{ ...WHO, state: 'unknown' }] }
  const text = formatLocks([lock], SHOWN)
  expect(text).toMatch(/5120 +cannot be judged +exclusive/)
  expect(text).toContain(String.raw`heddle locks --break 'Ann'\''s db'`)
})

it('only counts the tests that share the lock of all serial tests, as long as nobody waits', () => {
  const shared: ResourceStatus = { ...LOCK, name: '', holders: [WHO, WHO].map((who) => ({ ...who, permits: 1 })) }
  expect(formatLocks([shared], SHOWN)).toBe(
    '(all serial tests), scope workspace: shared by 2 serial tests with a key\n',
  )
  expect(formatLocks([{ ...shared, waiters: [WHO] }], SHOWN)).toMatch(/holds.*shared\n.*holds.*shared\n.*waits 1/)
  expect(formatLocks([{ ...shared, holders: [WHO] }], SHOWN)).toMatch(/^\(all serial tests\).*\n.*\nholds .*exclusive/)
})

it('only counts who uses the directory of a run, and calls it what it is', () => {
  const run: ResourceStatus = { ...LOCK, name: 'run:r-5f0c2a9b1e', scope: 'machine', limit: Infinity }
  const holders = [WHO, WHO, WHO].map((who) => ({ ...who, permits: 1 }))
  expect(formatLocks([{ ...run, holders }], SHOWN)).toBe(
    'the directory of run r-5f0c2a9b1e, scope machine: used by 3 threads\n',
  )
  expect(formatLocks([{ ...run, holders: [{ ...WHO, permits: 'all' }] }], SHOWN)).toMatch(/\nholds .*exclusive/)
})

it('calls a port what it is', () => {
  expect(formatLocks([{ ...LOCK, name: 'port-tcp-23107', scope: 'machine' }], SHOWN)).toMatch(
    /^port 23107, scope machine.*\nROLE/,
  )
})

it('names a lock by its id where no note can be read', () => {
  const lock = { ...LOCK, name: undefined, scope: undefined }
  expect(formatLocks([lock], SHOWN)).toMatch(/^"ledger-0f", scope unknown\n/)
  expect(argumentOf(lock)).toBe('ledger-0f')
})

it('prints names and titles of tests on one line', () => {
  const text = formatLocks([{ ...LOCK, name: 'a\nb', holders: [{ ...WHO, test: 'c\u001B[2J\nd' }] }], SHOWN)
  expect(text.split('\n')).toHaveLength(4)
  expect(text).not.toContain('\u001B')
})

it('separates locks by an empty line', () => {
  expect(formatLocks([LOCK, LOCK], SHOWN)).toMatch(/exclusive\n\n"ledger"/)
})
