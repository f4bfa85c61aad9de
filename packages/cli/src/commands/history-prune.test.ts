import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { heddle } from '../testing/capture-terminal.js'
import { createTempWorkspace, NOW, type TempWorkspace } from '../testing/temp-workspace.js'

function workspaceOfRuns(count: number): TempWorkspace & { readonly records: () => string[] } {
  const workspace = createTempWorkspace()
  workspace.write('a.test.ts')
  for (let i = 0; i < count; i++) workspace.record({ 'a.test.ts': 1000, 'gone.test.ts': 10 }, { startedAt: NOW + i })
  return { ...workspace, records: () => readdirSync(workspace.historyDir).filter((name) => name.endsWith('.jsonl')) }
}

it('removes old records and files that are gone', async () => {
  const { dir, records } = workspaceOfRuns(5)
  const { code, out } = await heddle(dir, ['history', 'prune', '--runs', '3'])
  expect(code).toBe(0)
  expect(out).toBe('Removed 2 records, rewrote 3 without files that no longer exist.\n- gone.test.ts\n')
  expect(records()).toHaveLength(3)
})

it('only says what it would do on a dry run', async () => {
  const { dir, records } = workspaceOfRuns(5)
  const { out } = await heddle(dir, ['history', 'prune', '--runs', '3', '--dry-run'])
  expect(out).toBe('Would remove 2 records, rewrite 3 without files that no longer exist.\n- gone.test.ts\n')
  expect(records()).toHaveLength(5)
})

it('keeps as many runs as configured', async () => {
  const { dir, records, write } = workspaceOfRuns(5)
  write('heddle.config.json', JSON.stringify({ history: { runs: 2 } }))
  await heddle(dir, ['history', 'prune'])
  expect(records()).toHaveLength(2)
})

it('says when there is nothing to do', async () => {
  const { dir, write, record } = createTempWorkspace()
  write('a.test.ts')
  record({ 'a.test.ts': 1000 })
  expect((await heddle(dir, ['history', 'prune'])).out).toBe('Nothing to prune.\n')
  expect((await heddle(dir, ['history', 'prune', '--dry-run'])).out).toBe('Nothing to prune.\n')
})

it('is content without a history', async () => {
  const { dir } = createTempWorkspace()
  expect(await heddle(dir, ['history', 'prune'])).toEqual({ code: 0, out: 'Nothing to prune.\n', err: '' })
})

it.each(['0', '1001', '2.5', 'many', '-1'])('refuses --runs %s', async (runs) => {
  const { dir } = createTempWorkspace()
  const { code, err } = await heddle(dir, ['history', 'prune', '--runs', runs])
  expect(code).toBe(2)
  expect(err).toContain('It must be a whole number from 1 to 1000.')
})
