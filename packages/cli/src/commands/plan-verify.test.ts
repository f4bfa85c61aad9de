import { expect, it } from 'vitest'
import { heddle } from '../testing/capture-terminal.js'
import { createTempWorkspace } from '../testing/temp-workspace.js'

const shard = (index: number): { index: number; count: number; fingerprint: string } => ({
  index,
  count: 2,
  fingerprint: 'f',
})
const platform = 'linux-x64'

it('finds the records of all shards and is content', async () => {
  const { dir, record } = createTempWorkspace()
  record({ 'a.test.ts': 1 }, { dir: 'artifacts/1/.heddle/history', shard: shard(1), platform })
  record({ 'b.test.ts': 1 }, { dir: 'artifacts/2', shard: shard(2), platform })
  expect(await heddle(dir, ['plan', 'verify', 'artifacts'])).toEqual({
    code: 0,
    out: '✓ vitest (linux-x64, Node 20): 2 files in 2 shards, every file ran exactly once\n',
    err: '',
  })
})

it('names what was lost', async () => {
  const { dir, record } = createTempWorkspace()
  record(
    { 'a.test.ts': 1, 'b.test.ts': 0 },
    { dir: 'one', shard: shard(1), platform, outcomes: { 'b.test.ts': 'not-run' } },
  )
  const { code, out } = await heddle(dir, ['plan', 'verify', 'one'])
  expect(code).toBe(1)
  expect(out).toBe(
    [
      '✗ vitest (linux-x64, Node 20): 1 file in 1 shard, 2 problems',
      '  shard 2/2 left no record: it did not run, or its history was not collected',
      '  b.test.ts was planned, but never ran',
      '',
    ].join('\n'),
  )
})

it('fails as soon as one suite has a problem', async () => {
  const { dir, record } = createTempWorkspace()
  record({ 'a.test.ts': 1 }, { dir: 'all', shard: { ...shard(1), count: 1 }, platform: 'linux-x64' })
  record({ 'a.test.ts': 1 }, { dir: 'all', shard: shard(1), platform: 'darwin-arm64' })
  const { code, out } = await heddle(dir, ['plan', 'verify', 'all', '--json'])
  expect(code).toBe(1)
  const { ok, suites } = JSON.parse(out) as { ok: boolean; suites: { name: string; problems: string[] }[] }
  expect(ok).toBe(false)
  expect(Object.fromEntries(suites.map(({ name, problems }) => [name, problems.length]))).toEqual({
    'vitest (darwin-arm64, Node 20)': 1,
    'vitest (linux-x64, Node 20)': 0,
  })
})

it('looks into the local history by default', async () => {
  const { dir, record } = createTempWorkspace()
  record({ 'a.test.ts': 1 }, { shard: { ...shard(1), count: 1 } })
  expect(await heddle(dir, ['plan', 'verify'])).toMatchObject({ code: 0 })
})

it('fails without any shard, and says what to collect', async () => {
  const { dir, record } = createTempWorkspace()
  record({ 'a.test.ts': 1 }, { dir: 'artifacts' })
  const { code, out } = await heddle(dir, ['plan', 'verify', 'artifacts'])
  expect(code).toBe(1)
  expect(out).toMatch(/^Nothing to verify: none of 1 record in "artifacts" is of a run with --shard\.\nFix: collect/)
  expect(await heddle(dir, ['plan', 'verify', '--json'])).toMatchObject({
    code: 1,
    out: `${JSON.stringify({ ok: false, suites: [], warnings: [] }, undefined, 2)}\n`,
  })
})

it('lists damaged records as warnings', async () => {
  const { dir, record, write } = createTempWorkspace()
  record({ 'a.test.ts': 1 }, { dir: 'all', shard: { ...shard(1), count: 1 } })
  write('all/damaged.jsonl', 'x')
  const { code, out, err } = await heddle(dir, ['plan', 'verify', 'all', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ ok: true, warnings: [expect.stringContaining('damaged.jsonl')] })
  expect(err).toContain('damaged.jsonl')
})

it('takes a directory that does not exist for a mistake, not for a lost shard', async () => {
  const { dir } = createTempWorkspace()
  expect(await heddle(dir, ['plan', 'verify', 'nowhere'])).toMatchObject({ code: 2, out: '' })
})
