import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { tempDir } from '../fixtures/host.js'
import { createSettingsDir, removeSettingsDir } from './settings-dir.js'

test('a directory is new, and for this user alone', () => {
  const parent = tempDir()
  const [one, other] = [createSettingsDir(parent), createSettingsDir(parent)]
  expect(one).not.toBe(other)
  expect(statSync(one).mode & 0o77).toBe(0)
})

test('what a killed run left is removed by the next one, what a running one needs is not', () => {
  const parent = tempDir()
  const running = createSettingsDir(parent)
  const { pid } = spawnSync(process.execPath, ['--eval', ''])
  const left = join(parent, basename(running).replace(`-${process.pid}-`, `-${pid}-`))
  const foreign = join(parent, `heddle-jest-00000000-${pid}-abc`)
  for (const dir of [left, foreign]) mkdirSync(dir)
  writeFileSync(join(left, 'groups.json'), '{}')
  createSettingsDir(parent)
  expect([running, left, foreign].map((dir) => existsSync(dir))).toEqual([true, false, true])
})

test('a directory is removed with all that is in it, and may be gone already', () => {
  const parent = tempDir()
  const dir = createSettingsDir(parent)
  writeFileSync(join(dir, 'groups.json'), '{}')
  removeSettingsDir(dir)
  removeSettingsDir(dir)
  expect(readdirSync(parent)).toEqual([])
})
