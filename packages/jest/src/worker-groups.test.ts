import { expect, test } from 'vitest'
import { tempDir } from '../fixtures/host.js'
import { writeGroupSettings, writeGroupSlots, type GroupSettings } from './group-settings.js'
import { groupsOfFile, type WorkerFile } from './worker-groups.js'

const DB = { name: 'db', limit: 2, scope: 'run', permits: 1 } as const
const SLOTS = { name: '', limit: 4, scope: 'run', permits: 2 } as const
const API = { name: 'api', limit: 1, scope: 'machine' } as const

const SETTINGS: GroupSettings = {
  testRules: {
    groups: [{ name: 'db', limit: 2, scope: 'run' }, API],
    rules: [
      { because: 'rules[0]', tests: { source: '@pay', flags: '' }, groups: [{ group: 'api', mode: 'shared' }] },
      { because: 'rules[1]', tags: ['heavy'], tests: { source: '@db', flags: '' }, groups: [] },
      {
        because: 'rules[2]',
        projects: ['unit'],
        tests: { source: '@db', flags: '' },
        groups: [{ group: 'db', mode: 'exclusive' }],
      },
    ],
  },
  files: { member: { groups: [DB], workers: SLOTS } },
}

function aFile(file: Partial<WorkerFile> = {}): WorkerFile {
  return { id: 'member', path: 'test/a.test.js', project: '', source: '', ...file }
}

function dirWith(settings: GroupSettings): string {
  const dir = tempDir()
  writeGroupSettings(dir, settings)
  return dir
}

test('a run that has nothing to tell asks for nothing', () => {
  const groups = groupsOfFile(undefined, aFile())
  expect(groups).toEqual({ names: [], held: { groups: [], slots: {} }, toTake: [], ofTest: undefined })
})

test('a worker takes what the main process has not taken for the file', () => {
  const groups = groupsOfFile(dirWith(SETTINGS), aFile())
  expect(groups.names).toEqual(['db', 'api'])
  expect(groups.toTake).toEqual([DB, SLOTS])
  expect(groups.held).toEqual({ groups: [], slots: {} })
})

test('it takes nothing that the main process holds', () => {
  const dir = dirWith(SETTINGS)
  writeGroupSlots(dir, 'member', { db: 2 })
  const groups = groupsOfFile(dir, aFile())
  expect(groups.toTake).toEqual([])
  expect(groups.held).toEqual({ groups: [DB], slots: { db: 2 } })
})

test('a file in no group takes nothing', () => {
  expect(groupsOfFile(dirWith(SETTINGS), aFile({ id: 'other' })).toTake).toEqual([])
})

test('tests have groups by their names', () => {
  const { ofTest } = groupsOfFile(dirWith(SETTINGS), aFile({ project: 'unit' }))
  expect(ofTest?.('checkout @pay')).toEqual([{ ...API, permits: 'all' }])
  expect(ofTest?.('reads @db')).toEqual([{ name: 'db', limit: 2, scope: 'run', permits: 'all' }])
  expect(ofTest?.('adds numbers')).toEqual([])
})

test('nothing is asked of tests where no rule is about them', () => {
  const settings = { ...SETTINGS, testRules: { ...SETTINGS.testRules, rules: SETTINGS.testRules.rules.slice(2) } }
  expect(groupsOfFile(dirWith(settings), aFile()).ofTest).toBeUndefined()
})

test('each run has its own settings', () => {
  const first = groupsOfFile(dirWith(SETTINGS), aFile())
  const second = groupsOfFile(dirWith({ ...SETTINGS, files: {} }), aFile())
  expect([first.toTake.length, second.toTake.length]).toEqual([2, 0])
})
