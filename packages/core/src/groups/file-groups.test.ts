import { expect, test } from 'vitest'
import { fileGroupsOf } from './file-groups.js'

const IMPORT = `import { group } from '@heddle/vitest'\n`
const named = (group: string, line: number, mode = 'shared') => ({ group, mode, line, isCall: true })

test.each([
  [`group('a')`, [named('a', 2)]],
  [`group("a");`, [named('a', 2)]],
  [`  await group(\`a\`) // why`, [named('a', 2)]],
  [`group('a', 'b')`, [named('a', 2), named('b', 2)]],
  [`group(['a', "b"])`, [named('a', 2), named('b', 2)]],
  [`\r\ngroup(\r\n  'a',\r\n  'b',\r\n)`, [named('a', 3), named('b', 3)]],
  [`group.exclusive('a')`, [named('a', 2, 'exclusive')]],
  [`group('a')\n\ngroup.exclusive('b')\n`, [named('a', 2), named('b', 4, 'exclusive')]],
])('%j names groups', (code, groups) => {
  expect(fileGroupsOf(IMPORT + code)).toEqual({ groups, tags: [] })
})

test.each([
  `import { serial, group, heddle } from "@heddle/jest"`,
  `import heddle, {\n  group,\n  serial,\n} from '@heddle/vitest'`,
  `const { group } = require('@heddle/jest')`,
  `const { group } = await import('@heddle/vitest')`,
])('%j brings the function', (line) => {
  expect(fileGroupsOf(`${line}\ngroup('a')\n`).groups).toMatchObject([{ group: 'a' }])
})

test.each([
  '',
  'group(NAME)',
  `group('a' + 'b')`,
  'group(`${NAME}`)',
  `// group('a')`,
  `test.group('a')`,
  `const x = group('a')`,
  `group('a').then(x)`,
  `groups('a')`,
  `grouped.by('a')`,
])('%j names nothing that can be read', (code) => {
  expect(fileGroupsOf(IMPORT + code)).toEqual({ groups: [], tags: [] })
})

test.each([
  `function group(name) {}\n`,
  `import { group } from './own'\n`,
  `import { serial } from '@heddle/vitest'\nimport { group } from 'd3-array'\n`,
  `import { group as inGroup } from '@heddle/vitest'\n`,
])("a function of another origin is the user's own: %j", (line) => {
  expect(fileGroupsOf(`${line}group('a')\n`).groups).toEqual([])
})

test('the comment at the top names groups and tags', () => {
  const source = `#!/usr/bin/env node\n/**\n * What it is for.\n * @group a, b\n * @group-exclusive c\n */\n// @group d\nimport 'x'\n`
  expect(fileGroupsOf(source)).toEqual({
    groups: [
      { group: 'a', mode: 'shared', line: 4, isCall: false },
      { group: 'b', mode: 'shared', line: 4, isCall: false },
      { group: 'c', mode: 'exclusive', line: 5, isCall: false },
      { group: 'd', mode: 'shared', line: 7, isCall: false },
    ],
    tags: ['a', 'b', 'd'],
  })
})

test.each([
  [`/** @group a */`, ['a']],
  [`/* @group unit/math */\n`, ['unit/math']],
  [`import 'x'\n/** @group a */`, []],
  [`/** about @groups of things */`, []],
  [`/** see @group for more`, []],
  [`/** @group */`, []],
])('%j has the tags %j', (source, tags) => expect(fileGroupsOf(source).tags).toEqual(tags))

test('module tags are found where Vitest finds them', () => {
  const moduleTag = ['@module', 'tag'].join('-') // in one piece it would be a tag of this very file
  expect(fileGroupsOf(`import 'x'\n// ${moduleTag} db\n/**\n * ${moduleTag} slow/e2e\n */\n`)).toEqual({
    groups: [],
    tags: ['db', 'slow/e2e'],
  })
})

test('a call that does not end is given up soon', () => {
  const source = `import { group } from '@heddle/vitest'\ngroup('a'${' '.repeat(20_000)}x`
  expect(fileGroupsOf(source).groups).toEqual([])
})
