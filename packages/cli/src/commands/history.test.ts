import { expect, it } from 'vitest'
import { heddle } from '../testing/capture-terminal.js'
import { createTempWorkspace, NOW } from '../testing/temp-workspace.js'

const HOUR = 3600_000

it('lists the slowest files first, after a few lines about the whole', async () => {
  const { dir, record } = createTempWorkspace()
  record(
    { 'a.test.ts': 1500, 'b.test.ts\tunit': 4500 },
    { startedAt: NOW - 5 * HOUR, runId: '1', platform: 'linux-x64' },
  )
  record(
    { 'a.test.ts': 1500, 'b.test.ts\tunit': 4500 },
    { startedAt: NOW - 2 * HOUR, runId: '2', platform: 'linux-x64', outcomes: { 'a.test.ts': 'failed' } },
  )
  const { code, out } = await heddle(dir, ['history'])
  expect(code).toBe(0)
  expect(out).toBe(`2 records of 2 runs, 2026-03-14 07:00 to 2026-03-14 10:00 UTC on linux-x64
2 files, 6.0 s in total

EXPECTED  SHARE   LAST          RANGE  RUNS  MEASURED  OUTCOME  PROJECT  FILE
   4.5 s  75.0%  4.5 s  4.5 s – 4.5 s     2   2 h ago           unit     b.test.ts
   1.5 s  25.0%  1.5 s  1.5 s – 1.5 s     2   2 h ago  failed            a.test.ts
`)
})

it('leaves out the columns that no file needs', async () => {
  const { dir, record } = createTempWorkspace()
  record({ 'a.test.ts': 1000 })
  const { out } = await heddle(dir, ['history'])
  expect(out).not.toMatch(/PROJECT|OUTCOME/)
})

it('marks failed files in red on a terminal', async () => {
  const { dir, record } = createTempWorkspace()
  record({ 'a.test.ts': 1000 }, { outcomes: { 'a.test.ts': 'failed' } })
  expect((await heddle(dir, ['history'], { isTTY: true })).out).toContain('\u001B[31mfailed')
  expect((await heddle(dir, ['history'], { isTTY: true, env: { NO_COLOR: '1' } })).out).not.toContain('\u001B')
})

it('has no times for a file that only ever crashed', async () => {
  const { dir, record } = createTempWorkspace()
  record({ 'a.test.ts': 1000 }, { outcomes: { 'a.test.ts': 'crashed' } })
  expect((await heddle(dir, ['history'])).out).toMatch(/– +0\.0% +– +– +0 +– +failed +a\.test\.ts/)
})

const THIRTY = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${i}.test.ts`, 1000 + i]))

it.each([
  [[], 20, '… and 10 faster files (--all shows them)'],
  [['--limit', '29'], 29, '… and 1 faster file (--all shows them)'],
  [['--all'], 30, ''],
])('with %j lists %i files', async (options, count, more) => {
  const { dir, record } = createTempWorkspace()
  record(THIRTY)
  const { out } = await heddle(dir, ['history', ...options])
  expect(out.match(/f\d+\.test\.ts/g)).toHaveLength(count)
  expect(out.trimEnd().split('\n').at(-1)).toContain(more === '' ? 'f0.test.ts' : more)
})

it('gives machines all files, or as many as they ask for', async () => {
  const { dir, record } = createTempWorkspace()
  record(THIRTY)
  const files = async (...options: string[]): Promise<unknown[]> =>
    (JSON.parse((await heddle(dir, ['history', '--json', ...options])).out) as { files: unknown[] }).files
  expect(await files()).toHaveLength(30)
  expect(await files('--limit', '3')).toHaveLength(3)
})

it('prints JSON with whole milliseconds', async () => {
  const { dir, record } = createTempWorkspace()
  record({ 'a.test.ts': 1000, 'b.test.ts\tunit': 2000 }, { platform: 'linux-x64' })
  const { out } = await heddle(dir, ['history', '--json', '--limit', '1'])
  expect(JSON.parse(out)).toEqual({
    records: 1,
    runs: 1,
    period: { firstAt: NOW, lastAt: NOW },
    platforms: ['linux-x64'],
    totalMs: 3000,
    files: [
      {
        file: 'b.test.ts',
        project: 'unit',
        expectedMs: 2000,
        share: 0.6667,
        runs: 1,
        minMs: 2000,
        maxMs: 2000,
        lastMs: 2000,
        lastAt: NOW,
        hasFailed: false,
      },
    ],
  })
})

it('says how to get a history when there is none', async () => {
  const { dir } = createTempWorkspace()
  const { code, out } = await heddle(dir, ['history'])
  expect(code).toBe(0)
  expect(out).toMatch(/^No runs are recorded in ".heddle.history" yet\.\nRun your tests once with heddle/)
})

it('warns about records that it cannot use, apart from the list', async () => {
  const { dir, record, write } = createTempWorkspace()
  record({ 'a.test.ts': 1000 })
  write('.heddle/history/x.jsonl', '{')
  const { code, out, err } = await heddle(dir, ['history'])
  expect(code).toBe(0)
  expect(out).toContain('a.test.ts')
  expect(err).toMatch(/^heddle: Skipped history file ".*x\.jsonl": it is not valid JSON/)
})

it('reads the history that HEDDLE_DIR names', async () => {
  const { dir, record } = createTempWorkspace()
  record({ 'a.test.ts': 1000 }, { dir: 'elsewhere/history' })
  expect((await heddle(dir, ['history'], { env: { HEDDLE_DIR: 'elsewhere' } })).out).toContain('a.test.ts')
})
