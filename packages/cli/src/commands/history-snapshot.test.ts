import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatSnapshot, readSnapshot } from '@heddle/core'
import { expect, it } from 'vitest'
import { heddle } from '../testing/capture-terminal.js'
import { createTempWorkspace, type TempWorkspace } from '../testing/temp-workspace.js'

const SNAPSHOT = 'heddle.durations.json'

function workspaceWith(durations: Readonly<Record<string, number>>): TempWorkspace & { readonly snapshot: string } {
  const workspace = createTempWorkspace()
  for (const file of Object.keys(durations)) workspace.write(file)
  workspace.record(durations)
  return { ...workspace, snapshot: join(workspace.dir, SNAPSHOT) }
}

function snapshotText(durations: Readonly<Record<string, number>>, medianMs: number): string {
  return formatSnapshot({ durations: new Map(Object.entries(durations)), medianMs })
}

it('writes rounded durations and says what is in there', async () => {
  const { dir, snapshot } = workspaceWith({ 'a.test.ts': 1234, 'b.test.ts': 567 })
  const { code, out } = await heddle(dir, ['history', 'snapshot'])
  expect(code).toBe(0)
  expect(out).toBe(
    '+ a.test.ts\n+ b.test.ts\nWrote heddle.durations.json: 2 added, 0 changed, 0 dropped, 0 unchanged\n',
  )
  expect(readFileSync(snapshot, 'utf8')).toBe(snapshotText({ 'a.test.ts': 1200, 'b.test.ts': 570 }, 890))
})

it('keeps values that hardly changed, drops files that are gone, shows the rest', async () => {
  const { dir, write, snapshot } = workspaceWith({ 'a.test.ts': 1000, 'b.test.ts': 9000 })
  write(SNAPSHOT, snapshotText({ 'a.test.ts': 1100, 'b.test.ts': 2000, 'gone.test.ts': 50 }, 1500))
  const { out } = await heddle(dir, ['history', 'snapshot'])
  expect(out).toBe(
    '~ b.test.ts  2.0 s → 9.0 s\n- gone.test.ts\nWrote heddle.durations.json: 0 added, 1 changed, 1 dropped, 1 unchanged\n',
  )
  expect(Object.fromEntries(readSnapshot(snapshot)?.durations ?? [])).toEqual({ 'a.test.ts': 1100, 'b.test.ts': 9000 })
})

it('keeps files that this machine never ran', async () => {
  const { dir, write, snapshot } = workspaceWith({ 'a.test.ts': 1000 })
  write('packages/other/o.test.ts')
  write(SNAPSHOT, snapshotText({ 'a.test.ts': 1000, 'packages/other/o.test.ts': 4000 }, 2500))
  const { out } = await heddle(dir, ['history', 'snapshot'])
  expect(out).toBe('heddle.durations.json is up to date: 2 files\n')
  expect(readSnapshot(snapshot)?.durations.get('packages/other/o.test.ts')).toBe(4000)
})

it('does not touch a file that is up to date, however it is formatted', async () => {
  const { dir, write, snapshot } = workspaceWith({ 'a.test.ts': 1000 })
  const compact = JSON.stringify(JSON.parse(snapshotText({ 'a.test.ts': 1000 }, 1000)))
  write(SNAPSHOT, compact)
  expect((await heddle(dir, ['history', 'snapshot'])).code).toBe(0)
  expect(readFileSync(snapshot, 'utf8')).toBe(compact)
})

it('checks without writing', async () => {
  const { dir, snapshot } = workspaceWith({ 'a.test.ts': 1000 })
  const before = await heddle(dir, ['history', 'snapshot', '--check'])
  expect(before.code).toBe(1)
  expect(before.out).toMatch(/heddle\.durations\.json is out of date: 1 added.*\nFix: run `heddle history snapshot`/)
  expect(existsSync(snapshot)).toBe(false)
  await heddle(dir, ['history', 'snapshot'])
  expect((await heddle(dir, ['history', 'snapshot', '--check'])).code).toBe(0)
})

it('counts a changed median as a change', async () => {
  const { dir, write } = workspaceWith({ 'a.test.ts': 1000 })
  write(SNAPSHOT, snapshotText({ 'a.test.ts': 1000 }, 5000))
  expect((await heddle(dir, ['history', 'snapshot', '--check'])).code).toBe(1)
})

it.each([
  ['nothing is recorded', {}],
  ['all recorded files are gone', { 'gone.test.ts': 1000 }],
])('leaves a snapshot alone when %s', async (_, recorded) => {
  const { dir, write, record } = createTempWorkspace()
  if (Object.keys(recorded).length > 0) record(recorded)
  const text = snapshotText({ 'a.test.ts': 1000 }, 1000)
  const snapshot = write(SNAPSHOT, text)
  write('a.test.ts')
  const { code, out, err } = await heddle(dir, ['history', 'snapshot'])
  expect(code).toBe(2)
  expect(out).toBe('')
  expect(err).toMatch(
    /^HEDDLE_USAGE: Cannot make a snapshot: the history ".*" holds no durations.*\nFix: run your tests/,
  )
  expect(readFileSync(snapshot, 'utf8')).toBe(text)
})

it('refuses to guess over a snapshot with merge conflicts', async () => {
  const { dir, write } = workspaceWith({ 'a.test.ts': 1000 })
  write(SNAPSHOT, '<<<<<<< HEAD')
  const { code, err } = await heddle(dir, ['history', 'snapshot'])
  expect(code).toBe(3)
  expect(err).toContain('HEDDLE_SNAPSHOT_UNREADABLE')
})

it('says so when it cannot write', async () => {
  const { dir, write } = workspaceWith({ 'a.test.ts': 1000 })
  write('heddle.config.json', JSON.stringify({ shards: { snapshot: 'nowhere/durations.json' } }))
  const { code, err } = await heddle(dir, ['history', 'snapshot'])
  expect(code).toBe(3)
  expect(err).toMatch(/^HEDDLE_HISTORY_UNWRITABLE: Cannot write duration snapshot ".*nowhere.durations\.json": /)
})
