import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { contextOf, tempDir } from '../fixtures/host.js'
import {
  fileIdOf,
  readGroupSettings,
  readGroupSlots,
  writeGroupSettings,
  writeGroupSlots,
  type GroupSettings,
} from './group-settings.js'

test('workers read what the main process wrote, also of groups without a limit', () => {
  const dir = tempDir()
  const settings: GroupSettings = {
    testRules: { groups: [{ name: 'files', limit: null, scope: 'run' }], rules: [] },
    files: {
      f00: {
        groups: [{ name: 'files', limit: Infinity, scope: 'run', permits: 1 }],
        workers: { name: '', limit: 4, scope: 'run', permits: 2 },
      },
    },
  }
  writeGroupSettings(dir, settings)
  expect(readGroupSettings(dir)).toEqual(settings)
})

test('the slots of a file are there when the main process took them', () => {
  const dir = tempDir()
  expect(readGroupSlots(dir, 'f00')).toBeUndefined()
  writeGroupSlots(dir, 'f00', { db: 2 })
  expect(readGroupSlots(dir, 'f00')).toEqual({ db: 2 })
})

test('slots that cannot be read are an error, not none', () => {
  const dir = tempDir()
  expect(() => readGroupSlots(`${dir}/\0`, 'f00')).toThrow()
})

test('a file of two projects has two names, which file systems allow', () => {
  const dir = tempDir()
  const ids = ['a', 'b'].map((id) => fileIdOf(contextOf({ id }), '/repo/test/a.test.js'))
  expect(new Set(ids).size).toBe(2)
  for (const id of ids) writeGroupSlots(dir, id, {})
  expect(readdirSync(dir)).toHaveLength(2)
})
