import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { readHistory } from '@heddle/core'
import { expect, it } from 'vitest'
import { heddle } from '../testing/capture-terminal.js'
import { createTempWorkspace, NOW } from '../testing/temp-workspace.js'
import { planMerge } from './history-merge.js'

const record = (name: string, text: string): { name: string; text: string } => ({ name, text })

it('plans to copy what is new by name and by text, once', () => {
  const found = [
    record('new', '1'),
    record('known', '2'),
    record('renamed', '3'),
    record('new', '1'),
    record('twin', '1'),
  ]
  const present = [record('known', 'pruned since'), record('other name', '3')]
  expect(planMerge(found, present)).toEqual({ copies: [record('new', '1')], known: 4 })
})

it('collects records of several machines into a new history', async () => {
  const { dir, write, record: store, historyDir } = createTempWorkspace()
  write('a.test.ts')
  const first = store({ 'a.test.ts': 1000 }, { dir: 'artifacts/one/.heddle/history' })
  store({ 'a.test.ts': 2000 }, { dir: 'artifacts/two', startedAt: NOW + 1 })
  const { code, out } = await heddle(dir, ['history', 'merge', 'artifacts'])
  expect(code).toBe(0)
  expect(out).toBe(`Merged 2 records into "${join('.heddle', 'history')}".\n`)
  expect(readFileSync(join(historyDir, basename(first)), 'utf8')).toBe(readFileSync(first, 'utf8'))
  expect(readFileSync(join(dir, '.heddle/.gitignore'), 'utf8')).toBe('*\n')
})

it('changes nothing the second time', async () => {
  const { dir, write, record: store, historyDir } = createTempWorkspace()
  write('a.test.ts')
  store({ 'a.test.ts': 1000 }, { dir: 'artifacts' })
  await heddle(dir, ['history', 'merge', 'artifacts'])
  const before = readdirSync(historyDir)
  const { out } = await heddle(dir, ['history', 'merge', 'artifacts'])
  expect(out).toBe(`Merged 0 records into "${join('.heddle', 'history')}", 1 already there.\n`)
  expect(readdirSync(historyDir)).toEqual(before)
})

it('does not copy records that are damaged, and names them', async () => {
  const { dir, write, record: store, historyDir } = createTempWorkspace()
  write('a.test.ts')
  store({ 'a.test.ts': 1000 }, { dir: 'artifacts' })
  write('artifacts/cut.jsonl', '{"format":"heddle-history","version":1')
  const { code, out, err } = await heddle(dir, ['history', 'merge', 'artifacts'])
  expect(code).toBe(0)
  expect(out).toBe(`Merged 1 record into "${join('.heddle', 'history')}", 1 unusable.\n`)
  expect(err).toMatch(/^heddle: Skipped history file ".*cut\.jsonl": /)
  expect(existsSync(join(historyDir, 'cut.jsonl'))).toBe(false)
})

it('prunes in the end', async () => {
  const { dir, write, record: store, historyDir } = createTempWorkspace()
  write('a.test.ts')
  write('heddle.config.json', JSON.stringify({ history: { runs: 1 } }))
  for (const i of [1, 2, 3]) store({ 'a.test.ts': 1000 + i }, { dir: 'artifacts', startedAt: NOW + i })
  const { out } = await heddle(dir, ['history', 'merge', 'artifacts'])
  expect(out).toContain('Removed 2 records')
  expect(readHistory([historyDir]).stored.map(({ record: kept }) => kept.header.startedAt)).toEqual([NOW + 3])
})

it('can take the history itself among its sources', async () => {
  const { dir, write, record: store } = createTempWorkspace()
  write('a.test.ts')
  const own = store({ 'a.test.ts': 1000 })
  copyFileSync(own, write('renamed.jsonl'))
  const { out } = await heddle(dir, ['history', 'merge', '.'])
  expect(out).toBe(`Merged 0 records into "${join('.heddle', 'history')}", 2 already there.\n`)
})

it('says so when the history cannot be written', async () => {
  const { dir, write, record: store } = createTempWorkspace()
  store({ 'a.test.ts': 1000 }, { dir: 'artifacts' })
  write('blocked')
  const { code, err } = await heddle(dir, ['history', 'merge', 'artifacts'], { env: { HEDDLE_DIR: 'blocked' } })
  expect(code).toBe(3)
  expect(err).toMatch(/HEDDLE_HISTORY_UNWRITABLE: Cannot merge into history ".*blocked.history": /)
})

it('wants to know where to look', async () => {
  const { dir } = createTempWorkspace()
  expect(await heddle(dir, ['history', 'merge'])).toMatchObject({
    code: 2,
    err: "error: missing required argument 'dirs'\n",
  })
})
