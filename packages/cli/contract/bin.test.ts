import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openSession, readShardPlan, type Session } from '@heddle/core'
import { expect, it, vi } from 'vitest'
import { createTempWorkspace, fakeVitest, type TempWorkspace } from '../src/testing/temp-workspace.js'
import { BIN, endOf, ENV, runBin, runShell } from './run-bin.js'

// Up to six processes one after the other: on a busy machine that is no matter of 5 s.
vi.setConfig({ testTimeout: 30_000 })

const FILES = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`test/f${i}.test.ts`, 'unit']))
const DURATIONS = Object.fromEntries(Object.keys(FILES).map((file, i) => [`${file}\tunit`, 1500 + 700 * i]))

function workspaceWithVitest(): TempWorkspace {
  const workspace = createTempWorkspace()
  workspace.write('vitest.config.ts')
  for (const file of Object.keys(FILES)) workspace.write(file)
  workspace.installHost('vitest', fakeVitest(FILES))
  workspace.record(DURATIONS)
  return workspace
}

it('prints its version', async () => {
  const { dir } = createTempWorkspace()
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  expect(await runBin(dir, ['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
})

it('can be run without naming node', () => {
  expect(readFileSync(BIN, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
})

it('explains itself', async () => {
  const { dir } = createTempWorkspace()
  const { code, out } = await runBin(dir, ['--help'])
  expect(code).toBe(0)
  expect(out).toMatch(/history.*\n.*plan/)
})

it.each([
  [0, 'fine', ['history']],
  [1, 'a failed check', ['plan', 'verify']],
  [2, 'wrong usage', ['plan', '--shards', 'many']],
  [3, 'no host', ['plan', '--host', 'jest']],
])('exits with %i for %s', async (exitCode, _, args) => {
  const { dir } = createTempWorkspace()
  expect(await runBin(dir, args)).toMatchObject({ code: exitCode })
})

it('writes the plan file, and nothing but it, where standard output goes', async () => {
  const { dir } = workspaceWithVitest()
  const { code, out, err } = await runShell(dir, 'heddle plan --shards 4 > plan.json')
  expect([code, out]).toEqual([0, ''])
  expect(err).toMatch(/^heddle: 12 files in 4 shards, /)
  expect(readShardPlan(join(dir, 'plan.json')).shards).toHaveLength(4)
})

it('writes a plan that every machine follows alike', async () => {
  const { dir, write } = workspaceWithVitest()
  const { out } = await runBin(dir, ['plan', '--shards', '3'])
  const plan = write('plan.json', out)
  const files = Object.keys(DURATIONS).map((key) => ({ key }))
  const machine = (): Promise<Session> => openSession({ root: dir, env: { HEDDLE_SHARD_PLAN: plan } })
  const splits = await Promise.all([1, 2, 3].map(async () => (await machine()).shard(files, 3)))
  expect(new Set(splits.map((split) => split.plan.fingerprint)).size).toBe(1)
  expect(splits[0]?.source).toBe('plan')
  expect(splits[0]?.plan.shards.flatMap(({ keys }) => keys).toSorted()).toEqual(Object.keys(DURATIONS).toSorted())
})

it('verifies the records that several machines left', async () => {
  const { dir, record } = workspaceWithVitest()
  const { out } = await runBin(dir, ['plan', '--shards', '2'])
  const { shards, fingerprint } = JSON.parse(out) as {
    shards: { index: number; keys: string[] }[]
    fingerprint: string
  }
  for (const { index, keys } of shards) {
    const durations = Object.fromEntries(keys.map((key) => [key, 100]))
    record(durations, {
      dir: `artifacts/${index}`,
      shard: { index, count: 2, fingerprint },
      runId: 'ci',
      isPipeline: true,
    })
  }
  expect(await runBin(dir, ['plan', 'verify', 'artifacts/1', 'artifacts/2'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('12 files in 2 shards, every file ran exactly once'),
  })
  expect(await runBin(dir, ['plan', 'verify', 'artifacts/1'])).toMatchObject({
    code: 1,
    out: expect.stringContaining('shard 2/2 left no record'),
  })
})

it('is quiet when its reader has seen enough', async () => {
  const { dir, record } = createTempWorkspace()
  const many = Array.from({ length: 20_000 }, (_, i) => [`packages/some/long/path/f${i}.test.ts`, 10 + i] as const)
  record(Object.fromEntries(many))
  const { code, out, err } = await runShell(dir, 'heddle history --json | head -n 2')
  expect(err).toBe('')
  expect(out).toBe('{\n  "records": 1,\n')
  expect(code).toBe(0)
})

it.skipIf(!existsSync('/dev/full'))('fails when its output cannot be written', async () => {
  const { dir } = workspaceWithVitest()
  const { code, err } = await runShell(dir, 'heddle plan --shards 2 > /dev/full')
  expect(code).toBe(3)
  expect(err).toContain('heddle: Cannot write the output: ENOSPC')
})

it('prints no colours into a pipe', async () => {
  const { dir, record } = createTempWorkspace()
  record({ 'a.test.ts': 1500 }, { outcomes: { 'a.test.ts': 'failed' } })
  const { out } = await runBin(dir, ['history'], { FORCE_COLOR: '1' })
  expect(out).toContain('failed')
  expect(out).not.toContain('\u001B')
})

it.skipIf(process.platform === 'win32')('ends the host and exits with 130 on Ctrl-C', async () => {
  const { dir, write, installHost } = createTempWorkspace()
  write('vitest.config.ts')
  installHost('vitest', 'require("node:fs").writeFileSync("pid.txt", String(process.pid)); setInterval(() => {}, 1000)')
  const child = spawn(process.execPath, [BIN, 'plan'], { cwd: dir, env: ENV })
  const ended = endOf(child)
  const pidFile = join(dir, 'pid.txt')
  while (!existsSync(pidFile) || statSync(pidFile).size === 0) await sleep(10)
  child.kill('SIGINT')
  expect(await ended).toEqual({ code: 130, out: '', err: '' })
  expect(() => process.kill(Number(readFileSync(pidFile, 'utf8')), 0)).toThrow('ESRCH')
})
