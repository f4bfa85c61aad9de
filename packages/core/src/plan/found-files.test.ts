import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dirWith, temporaryDir } from '../../fixtures/directories.js'
import { NO_DEMAND, type Demand } from '../groups/demand.js'
import { readFoundFiles, writeFoundFiles, type ListedGroups } from './found-files.js'

const DEMAND: Demand = { groups: [{ group: 'postgres', mode: 'exclusive' }], weight: 'all', priority: -3 }

const PLAN: ListedGroups = {
  groups: new Map([
    ['postgres', { name: 'postgres', limit: 2, scope: 'run' }],
    ['files', { name: 'files', limit: Infinity, scope: 'machine' }],
  ]),
  listedTestRules: [{ groups: [{ group: 'files', mode: 'shared' }], because: 'rules[1]' }],
  warnings: ['nobody uses group "files"'],
  demandOf: (key) => (key === 'a' ? DEMAND : NO_DEMAND),
  hintsOf: (key) => (key === 'b' ? [{ group: 'serial "ledger"', mode: 'exclusive' }] : []),
  reasonsOf: (key) => (key === 'a' ? [{ setting: 'group', group: 'postgres', because: 'line 3' }] : []),
}

test('what one process writes another one reads', () => {
  const file = join(temporaryDir(), 'found.json')
  writeFoundFiles(file, [{ key: 'a', stage: 1, batch: 'x' }, { key: 'b' }], PLAN)
  expect(readFoundFiles(file)).toEqual({
    files: [
      { key: 'a', stage: 1, batch: 'x', demand: DEMAND, hints: [], reasons: PLAN.reasonsOf('a') },
      { key: 'b', demand: NO_DEMAND, hints: PLAN.hintsOf('b'), reasons: [] },
    ],
    groups: [...PLAN.groups.values()],
    testRules: PLAN.listedTestRules,
    warnings: PLAN.warnings,
  })
})

test('without a plan of groups no file needs anything', () => {
  const file = join(temporaryDir(), 'found.json')
  writeFoundFiles(file, [{ key: 'a', stage: undefined, batch: undefined }])
  expect(readFoundFiles(file)).toEqual({
    files: [{ key: 'a', demand: NO_DEMAND, hints: [], reasons: [] }],
    groups: [],
    testRules: [],
    warnings: [],
  })
})

test('what an adapter attached for itself does not reach the file, even when it cannot be written', () => {
  const specification: Record<string, unknown> = {}
  specification['itself'] = specification
  const file = join(temporaryDir(), 'found.json')
  const found = [{ key: 'a', specification }]
  writeFoundFiles(file, found)
  expect(readFileSync(file, 'utf8')).not.toContain('specification')
})

test.each(['', '[]', '{"files":[{"key":1}]}', '{"files":[],"groups":[{"name":"a","limit":1,"scope":"planet"}]}'])(
  'a list like %j is refused with the file named',
  (text) => {
    const dir = dirWith({ 'found.json': text })
    expect(() => readFoundFiles(join(dir, 'found.json'))).toThrow(/^HEDDLE_HOST_FAILED: Cannot read .*found\.json": /)
  },
)

test('a missing list is refused with a hint that the host runs without heddle', () => {
  const file = join(temporaryDir(), 'none.json')
  expect(() => readFoundFiles(file)).toThrow(/ENOENT.*\nFix: check that the host runs with heddle/)
})
