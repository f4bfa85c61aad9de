import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dirWith } from '../../fixtures/directories.js'
import { loadOptions } from './load-options.js'
import type { HeddleOptions } from './options.js'

const ESM = "export default { dir: 'from-file', history: { runs: 7 } }\n"
const TYPED = `
  interface Options { dir: string; history: { runs: number } }
  const options: Options = { dir: 'from-file', history: { runs: 7 } }
  export default options satisfies object
`
const CONFIGS: Readonly<Record<string, string>> = {
  ts: TYPED,
  mts: TYPED,
  js: ESM,
  mjs: ESM,
  cjs: "module.exports = { dir: 'from-file', history: { runs: 7 } }\n",
  json: '{ "dir": "from-file", "history": { "runs": 7 } }',
}

/** An ESM workspace with one config file. */
const workspaceWith = (files: Readonly<Record<string, string>>) =>
  dirWith({ 'package.json': '{ "type": "module" }', 'packages/api/package.json': '{}', ...files })

test('without a file the defaults are in force', async () => {
  const workspace = workspaceWith({})
  expect(await loadOptions(workspace, workspace)).toMatchObject({ dir: '.heddle', order: 'slowest-first' })
})

test.each(Object.entries(CONFIGS))('heddle.config.%s is loaded', async (extension, text) => {
  const workspace = workspaceWith({ [`heddle.config.${extension}`]: text })
  expect(await loadOptions(workspace, workspace)).toMatchObject({ dir: 'from-file', history: { runs: 7 } })
})

test('in a CommonJS workspace heddle.config.js may be CommonJS', async () => {
  const workspace = dirWith({ 'package.json': '{}', 'heddle.config.js': CONFIGS['cjs'] ?? '' })
  expect((await loadOptions(workspace, workspace)).dir).toBe('from-file')
})

test('a TypeScript file may be CommonJS and may import its neighbours', async () => {
  const workspace = dirWith({
    'package.json': '{}',
    'dir.ts': "export const dir: string = 'imported'\n",
    'heddle.config.ts': "import { dir } from './dir'\nexport = { dir }\n",
  })
  expect((await loadOptions(workspace, workspace)).dir).toBe('imported')
})

test('the nearest file between the host and the workspace wins', async () => {
  const workspace = workspaceWith({
    'heddle.config.json': '{ "dir": "outer", "silent": true }',
    'packages/api/heddle.config.json': '{ "dir": "inner" }',
  })
  expect(await loadOptions(join(workspace, 'packages/api'), workspace)).toMatchObject({ dir: 'inner', silent: false })
  expect((await loadOptions(join(workspace, 'packages'), workspace)).dir).toBe('outer')
})

test('files outside the workspace are not looked at', async () => {
  const dir = dirWith({ 'heddle.config.json': '{ "dir": "outside" }', 'repo/package.json': '{}' })
  expect((await loadOptions(join(dir, 'repo'), join(dir, 'repo'))).dir).toBe('.heddle')
})

test('inline options win over the file, key by key', async () => {
  const workspace = workspaceWith({ 'heddle.config.json': CONFIGS['json'] ?? '' })
  const options = await loadOptions(workspace, workspace, { dir: 'inline' })
  expect(options).toMatchObject({ dir: 'inline', history: { runs: 7 } })
})

test('options of fixtures come from the file, and from inline where both have them', async () => {
  const workspace = workspaceWith({
    'heddle.config.json': '{ "ports": [40000, 40999], "envGuard": "warn", "keepTempDirs": "never", "prefix": true }',
  })
  const options = await loadOptions(workspace, workspace, { ports: [50_000, 50_999], envGuard: 'fail' })
  expect(options).toMatchObject({
    ports: [50_000, 50_999],
    envGuard: 'fail',
    keepTempDirs: 'never',
    prefix: true,
  })
})

test('wrong options of the file are told with its name', async () => {
  const workspace = workspaceWith({ 'heddle.config.json': '{ "ordr": "host", "silent": 1 }' })
  const file = join(workspace, 'heddle.config.json')
  await expect(loadOptions(workspace, workspace)).rejects.toThrow(
    `HEDDLE_OPTIONS_INVALID: Cannot use "${file}": "silent" must be boolean, got 1; unknown option "ordr", did you mean "order"?`,
  )
})

test('wrong inline options are not blamed on the file', async () => {
  const workspace = workspaceWith({ 'heddle.config.json': '{}' })
  const inline = { silent: 1 } as unknown as { silent: boolean }
  await expect(loadOptions(workspace, workspace, inline)).rejects.toThrow(
    'HEDDLE_OPTIONS_INVALID: Cannot use the options of heddle: "silent" must be boolean, got 1',
  )
})

test('wrong inline options are told as they are, not as merged with the file', async () => {
  const workspace = workspaceWith({ 'heddle.config.json': '{ "history": { "runs": 5 } }' })
  const inline = { history: 'all' } as unknown as { history: object }
  await expect(loadOptions(workspace, workspace, inline)).rejects.toThrow('"history" must be an object, got "all"\n')
})

test.each([
  ['json', '{ "dir": '],
  ['ts', 'export default {'],
  ['mjs', 'export default {'],
  ['cjs', 'throw new Error("broken")'],
])('a broken heddle.config.%s is an error with its place and a fix', async (extension, text) => {
  const workspace = workspaceWith({ [`heddle.config.${extension}`]: text })
  await expect(loadOptions(workspace, workspace)).rejects.toThrow(
    /^HEDDLE_CONFIG_UNREADABLE: Cannot load heddle\.config near ".*": [^]*\nFix: correct the file/,
  )
})

test.each([
  ['mjs', "export const dir = 'lost'\n"],
  ['json', 'null'],
  ['cjs', 'module.exports = undefined\n'],
])('a heddle.config.%s without options is refused, not passed over', async (extension, text) => {
  const workspace = workspaceWith({ [`heddle.config.${extension}`]: text })
  await expect(loadOptions(workspace, workspace)).rejects.toThrow(
    /^HEDDLE_CONFIG_UNREADABLE: .*heddle\.config\.\w+" exports no options/,
  )
})

test('an empty file is passed over', async () => {
  const workspace = workspaceWith({ 'heddle.config.ts': '\n', 'heddle.config.json': '{ "dir": "used" }' })
  expect((await loadOptions(workspace, workspace)).dir).toBe('used')
})

test('every rule knows where it was written, and what its globs are relative to', async () => {
  const workspace = workspaceWith({
    'packages/heddle.config.mjs': `export default {
      groups: { db: { limit: 2 }, smtp: {} },
      rules: [{ tests: /@mail/, group: 'smtp' }, { when: () => true, weight: 2 }],
    }`,
  })
  const inline: HeddleOptions = {
    groups: { db: { limit: 3 }, own: {} },
    rules: [{ files: 'a/**', group: ['db', 'smtp'] }],
  }
  const options = await loadOptions(join(workspace, 'packages/api'), workspace, inline)
  expect(options.groups).toEqual({
    db: { limit: 3, scope: 'run', dir: 'packages' },
    smtp: { limit: 1, scope: 'run', dir: 'packages' },
    own: { limit: 1, scope: 'run', dir: 'packages/api' },
  })
  expect(options.rules).toEqual([
    { files: 'a/**', group: ['db', 'smtp'], dir: 'packages/api', place: 'rules[0]' },
    { tests: /@mail/, group: 'smtp', dir: 'packages', place: 'rules[0] of packages/heddle.config.mjs' },
    {
      when: expect.any(Function) as unknown,
      weight: 2,
      dir: 'packages',
      place: 'rules[1] of packages/heddle.config.mjs',
    },
  ])
})

test('rules may name groups of the other place only; all unknown ones are told at once', async () => {
  const workspace = workspaceWith({
    'heddle.config.json': '{ "groups": { "postgres": {} }, "rules": [{ "files": "a", "group": "cache" }] }',
  })
  const known: HeddleOptions = { groups: { cache: {} }, rules: [{ files: 'b', group: 'postgres' }] }
  expect((await loadOptions(workspace, workspace, known)).rules).toHaveLength(2)
  const unknown: HeddleOptions = { rules: [{ files: 'b', group: { name: 'postgress', mode: 'exclusive' } }] }
  await expect(loadOptions(workspace, workspace, unknown)).rejects.toThrow(
    'HEDDLE_GROUP_UNKNOWN: Cannot put rules[0] into group "postgress", ' +
      'nor rules[0] of heddle.config.json into group "cache": the groups are "postgres"\n' +
      'Fix: did you mean "postgres"? Otherwise add "postgress", "cache" to groups in heddle.config.ts.',
  )
})

test('groups of the two places that would share a variable are a problem', async () => {
  const workspace = workspaceWith({ 'heddle.config.json': '{ "groups": { "my-api": {} } }' })
  await expect(loadOptions(workspace, workspace, { groups: { my_api: {} } })).rejects.toThrow(
    'the groups "my-api" and "my_api" would have one variable',
  )
})
