import { NO_DEMAND, readShardPlan } from '@heddle/core'
import { availableParallelism } from 'node:os'
import { expect, it } from 'vitest'
import { heddle } from '../testing/capture-terminal.js'
import {
  createTempWorkspace,
  fakeJest,
  fakeVitest,
  wiredVitest,
  type FakeGroups,
  type TempWorkspace,
} from '../testing/temp-workspace.js'

const FILES = { 'a.test.ts': '', 'b.test.ts': 'unit', 'c.test.ts': '', 'new.test.ts': '' }
const MEASURED = { 'a.test.ts': 8000, 'b.test.ts\tunit': 5000, 'c.test.ts': 4000 }

function vitestWorkspace(files: Readonly<Record<string, string>> = FILES): TempWorkspace {
  const workspace = createTempWorkspace()
  workspace.write('vitest.config.ts')
  for (const file of Object.keys(files)) workspace.write(file, 'x'.repeat(file === 'new.test.ts' ? 144 : 100))
  workspace.installHost('vitest', fakeVitest(files))
  return workspace
}

function measuredWorkspace(): TempWorkspace {
  const workspace = vitestWorkspace()
  workspace.record(MEASURED)
  return workspace
}

it('lists what starts when on which worker', async () => {
  const { dir } = measuredWorkspace()
  const { code, out, err } = await heddle(dir, ['plan', '--workers', '2'])
  expect(code).toBe(0)
  expect(out).toBe(`4 files on 2 workers, 12.0 s expected, 1.04× the lower bound of 11.5 s set by the sum of all files

START  WORKER  EXPECTED  FILE
 0 ms       1     8.0 s  a.test.ts
 0 ms       2    ~6.0 s  new.test.ts
6.0 s       2     5.0 s  unit › b.test.ts
8.0 s       1     4.0 s  c.test.ts
`)
  expect(err).toBe('heddle: Never measured: 1 of 4 files; their times are guesses from size.\n')
})

it('names the file that sets the lower bound', async () => {
  const { dir } = measuredWorkspace()
  const { out } = await heddle(dir, ['plan', '--workers', '4'])
  expect(out).toMatch(/^4 files on 4 workers, 8\.0 s expected, 1\.00× the lower bound of 8\.0 s set by a\.test\.ts\n/)
})

it('starts failed files first, if so configured, and marks them', async () => {
  const { dir, record, write } = vitestWorkspace()
  record(MEASURED, { outcomes: { 'c.test.ts': 'failed' } })
  write('heddle.config.json', '{"failedFirst":true}')
  expect((await heddle(dir, ['plan', '--workers', '2'])).out).toMatch(/FILE\n.* c\.test\.ts failed\n/)
  write('heddle.config.json', '{"failedFirst":false}')
  expect((await heddle(dir, ['plan', '--workers', '2'])).out).toMatch(/FILE\n.* a\.test\.ts\n/)
})

it('takes as many workers as the machine has processors', async () => {
  const { dir } = measuredWorkspace()
  const { out } = await heddle(dir, ['plan', '--json'])
  expect(JSON.parse(out)).toMatchObject({ workers: availableParallelism() })
})

it('prints the order as JSON', async () => {
  const { dir } = measuredWorkspace()
  const { out } = await heddle(dir, ['plan', '--workers', '4', '--json', '--limit', '2'])
  expect(JSON.parse(out)).toEqual({
    workers: 4,
    source: 'history',
    expectedMakespanMs: 8000,
    lowerBound: { ms: 8000, setBy: { file: 'a.test.ts', project: '' } },
    files: [
      {
        file: 'a.test.ts',
        project: '',
        worker: 1,
        startMs: 0,
        expectedMs: 8000,
        isKnown: true,
        hasFailed: false,
        ...NO_DEMAND,
      },
      {
        file: 'new.test.ts',
        project: '',
        worker: 2,
        startMs: 0,
        expectedMs: 6000,
        isKnown: false,
        hasFailed: false,
        ...NO_DEMAND,
      },
    ],
  })
})

const GROUPS: FakeGroups = {
  groups: [{ name: 'db', limit: 1, scope: 'run' }],
  demands: {
    'a.test.ts': { groups: [{ group: 'db', mode: 'shared' }], weight: 1, priority: 0 },
    'b.test.ts': { groups: [{ group: 'db', mode: 'exclusive' }], weight: 1, priority: 0 },
    'c.test.ts': { groups: [], weight: 2, priority: 50 },
  },
  warnings: ['No rule and no test file uses the group "x"'],
}

function groupedWorkspace(): TempWorkspace {
  const keys = ['a.test.ts', 'b.test.ts', 'c.test.ts']
  const workspace = vitestWorkspace(Object.fromEntries(keys.map((key) => [key, ''])))
  workspace.installHost('vitest', wiredVitest(keys, GROUPS))
  workspace.record({ 'a.test.ts': 8000, 'b.test.ts': 5000, 'c.test.ts': 1000 })
  return workspace
}

it('keeps limits and weights in the schedule, and says which group sets the lower bound', async () => {
  const { out, err } = await heddle(groupedWorkspace().dir, ['plan', '--workers', '3'])
  expect(out).toBe(`3 files on 3 workers, 13.0 s expected, 1.00× the lower bound of 13.0 s set by group "db"

START  WORKER  EXPECTED  WEIGHT  GROUPS          FILE
 0 ms       1     1.0 s       2                  c.test.ts
 0 ms       2     8.0 s       1  db              a.test.ts
8.0 s       1     5.0 s       1  db (exclusive)  b.test.ts
`)
  expect(err).toBe('heddle: No rule and no test file uses the group "x"\n')
})

it('prints what each file needs, and which group sets the lower bound, as JSON', async () => {
  const { out } = await heddle(groupedWorkspace().dir, ['plan', '--workers', '3', '--json'])
  expect(JSON.parse(out)).toMatchObject({
    expectedMakespanMs: 13_000,
    lowerBound: { ms: 13_000, setBy: { group: 'db' } },
    files: [
      { file: 'c.test.ts', weight: 2, priority: 50, groups: [] },
      { file: 'a.test.ts', groups: [{ group: 'db', mode: 'shared' }] },
      { file: 'b.test.ts', groups: [{ group: 'db', mode: 'exclusive' }] },
    ],
  })
})

it('plans files apart whose tests take turns for most of the time, as a run does', async () => {
  const keys = ['a.test.ts', 'b.test.ts']
  const workspace = vitestWorkspace(Object.fromEntries(keys.map((key) => [key, ''])))
  const ledger = [{ group: 'serial "ledger"', mode: 'exclusive' }] as const
  workspace.installHost('vitest', wiredVitest(keys, { hints: Object.fromEntries(keys.map((key) => [key, ledger])) }))
  workspace.record({ 'a.test.ts': 8000, 'b.test.ts': 5000 })
  const { out } = await heddle(workspace.dir, ['plan', '--workers', '2'])
  expect(out).toContain('2 files on 2 workers, 13.0 s expected')
  expect(out).toMatch(/^8\.0 s .* serial "ledger" \(exclusive\) +b\.test\.ts$/m)
})

it('shortens a long list, but not on request', async () => {
  const files = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`f${i}.test.ts`, '']))
  const { dir } = vitestWorkspace(files)
  expect((await heddle(dir, ['plan'])).out).toContain('… and 5 later files (--all shows them)\n')
  expect((await heddle(dir, ['plan', '--limit', '24'])).out).toContain('… and 1 later file ')
  expect((await heddle(dir, ['plan', '--all'])).out).not.toContain('…')
})

it('gives a pipe the plan file and nothing else', async () => {
  const { dir, write } = measuredWorkspace()
  const { code, out, err } = await heddle(dir, ['plan', '--shards', '2'])
  expect(code).toBe(0)
  const { shards } = readShardPlan(write('plan.json', out))
  expect(shards.map(({ keys, expectedMs }) => [keys, expectedMs])).toEqual([
    [['a.test.ts', 'c.test.ts'], 12_000],
    [['b.test.ts\tunit', 'new.test.ts'], 11_000],
  ])
  expect(err).toContain(
    'heddle: 4 files in 2 shards, 12.0 s expected, 1.04× the lower bound of 11.5 s set by the sum of all files\n',
  )
})

it('gives a terminal the plan file with --json', async () => {
  const { dir, write } = measuredWorkspace()
  const { out } = await heddle(dir, ['plan', '--shards', '2', '--json'], { isTTY: true })
  expect(readShardPlan(write('plan.json', out)).shards).toHaveLength(2)
})

it('gives a terminal a table of shards and how to use the plan', async () => {
  const { dir } = measuredWorkspace()
  const { out } = await heddle(dir, ['plan', '--shards', '2'], { isTTY: true, env: { NO_COLOR: '1' } })
  expect(out).toBe(`4 files in 2 shards, 12.0 s expected, 1.04× the lower bound of 11.5 s set by the sum of all files

SHARD  FILES  EXPECTED  SHARE  OF IDEAL
  1/2      2    12.0 s  52.2%    1.043×
  2/2      2    11.0 s  47.8%    0.957×

To use it: heddle plan --shards 2 > plan.json, then HEDDLE_SHARD_PLAN=plan.json on every machine.
`)
})

it('tells how long a machine with so many workers needs for its shard', async () => {
  const { dir } = measuredWorkspace()
  const { out } = await heddle(dir, ['plan', '--shards', '2', '--workers', '2'], { isTTY: true })
  expect(out).toMatch(/ON 2 WORKERS\n.* 8\.0 s\n.* 6\.0 s\n/)
})

it('refuses more shards than files', async () => {
  const { dir } = measuredWorkspace()
  const { code, out, err } = await heddle(dir, ['plan', '--shards', '5'])
  expect([code, out]).toEqual([2, ''])
  expect(err).toMatch(
    /^HEDDLE_SHARDS_INVALID: Cannot split 4 files into "5" shards: .*\nFix: use --shards 4 or fewer\.\n$/,
  )
})

it('plans by the committed snapshot on request', async () => {
  const { dir, write } = measuredWorkspace()
  write(
    'heddle.durations.json',
    JSON.stringify({ format: 'heddle-durations', version: 1, medianMs: 300, projects: { '': { 'c.test.ts': 9000 } } }),
  )
  const { out, err } = await heddle(dir, ['plan', '--from', 'snapshot', '--workers', '1', '--json'])
  const { source, files } = JSON.parse(out) as { source: string; files: { file: string; expectedMs: number }[] }
  expect(source).toBe('snapshot')
  expect(files.map(({ file, expectedMs }) => [file, expectedMs])).toEqual([
    ['c.test.ts', 9000],
    ['a.test.ts', 300],
    ['b.test.ts', 300],
    ['new.test.ts', 300],
  ])
  expect(err).toBe('heddle: Not in the snapshot: 3 of 4 files; they count as its median, 300 ms.\n')
})

it('says how to get a snapshot when there is none', async () => {
  const { dir } = measuredWorkspace()
  const { code, err } = await heddle(dir, ['plan', '--from', 'snapshot'])
  expect(code).toBe(3)
  expect(err).toMatch(/^HEDDLE_SNAPSHOT_UNREADABLE: .*\nFix: write it with `heddle history snapshot`/)
})

it('goes by file sizes while nothing is known, and says so', async () => {
  const { dir, write } = vitestWorkspace()
  write('b.test.ts', 'x'.repeat(900))
  const { out, err } = await heddle(dir, ['plan', '--json'])
  const { source, files } = JSON.parse(out) as { source: string; files: { file: string }[] }
  expect([source, files[0]?.file]).toEqual(['size', 'b.test.ts'])
  expect(err).toBe(
    'heddle: Nothing is measured yet: all times are guesses from file sizes. Run the tests once with heddle.\n',
  )
})

it('says nothing about times when all are measured', async () => {
  const { dir, record } = vitestWorkspace({ 'a.test.ts': '' })
  record({ 'a.test.ts': 1500 })
  expect((await heddle(dir, ['plan'])).err).toBe('')
})

it('plans the files of a package by the history of its workspace', async () => {
  const { dir, write, installHost, record } = createTempWorkspace()
  write('package.json', '{"workspaces":["packages/*"]}')
  write('packages/api/vitest.config.ts')
  installHost('vitest', fakeVitest({ 'a.test.ts': '' }))
  record({ 'packages/api/a.test.ts': 7000 })
  expect((await heddle(`${dir}/packages/api`, ['plan', '--workers', '1'])).out).toContain(
    '7.0 s  packages/api/a.test.ts',
  )
})

it('asks Jest through the sequencer of heddle', async () => {
  const { dir, write, installHost, record } = createTempWorkspace()
  write('jest.config.js')
  installHost('jest', fakeJest(['a.test.js', 'b.test.js\tweb']))
  record({ 'b.test.js\tweb': 3000, 'a.test.js': 1500 })
  expect((await heddle(dir, ['plan', '--workers', '1'])).out).toMatch(
    /3\.0 s {2}web › b\.test\.js\n.*1\.5 s {2}a\.test\.js/,
  )
})
