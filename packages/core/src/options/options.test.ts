import ci from 'ci-info'
import { describe, expect, test } from 'vitest'
import type { Rule } from '../groups/rule.js'
import { defineResource } from '../resources/resource.js'
import { resolveHeddleOptions, type HeddleOptions } from './options.js'

const DEFAULTS = {
  dir: '.heddle',
  order: 'slowest-first',
  failedFirst: !ci.isCI,
  silent: false,
  history: { runs: 20 },
  shards: { snapshot: 'heddle.durations.json', newFiles: 'refuse' },
  groups: {},
  rules: [],
  keepTempDirs: ci.isCI ? 'never' : 'on-failure',
  envGuard: 'auto',
  prefix: false,
  ports: [20_000, 29_999],
  resources: {},
}

const problemOf = (options: unknown): string => {
  try {
    resolveHeddleOptions(options)
  } catch (error) {
    return (error as Error).message.split('\n')[0] ?? ''
  }
  return expect.unreachable('the options were accepted')
}

test('no options give every default', () => {
  expect(resolveHeddleOptions({})).toEqual(DEFAULTS)
  expect(resolveHeddleOptions(undefined)).toEqual(DEFAULTS)
})

test('groups of options fill in what they leave out', () => {
  expect(resolveHeddleOptions({ history: {}, shards: { newFiles: 'lightest' } })).toEqual({
    ...DEFAULTS,
    shards: { snapshot: 'heddle.durations.json', newFiles: 'lightest' },
  })
})

test('an option that is undefined has its default', () => {
  expect(resolveHeddleOptions({ dir: undefined, history: undefined, shards: { snapshot: undefined } })).toEqual(
    DEFAULTS,
  )
})

test('every option can be set', () => {
  const options: HeddleOptions = {
    dir: 'state',
    order: 'host',
    failedFirst: true,
    silent: true,
    history: { runs: 1000 },
    shards: { snapshot: 'times.json', newFiles: 'lightest' },
    keepTempDirs: 'always',
    envGuard: 'fail',
    prefix: true,
    ports: [1024, 65_535],
  }
  expect(resolveHeddleOptions(options)).toEqual({ ...options, groups: {}, rules: [], resources: {} })
})

test('all problems are in one error', () => {
  expect(problemOf({ dir: 5, order: 'fast', silent: 'no', history: { runs: 0 }, shards: { newFiles: 'skip' } })).toBe(
    'HEDDLE_OPTIONS_INVALID: Cannot use the options of heddle: "dir" must be string, got 5; ' +
      '"order" must be ("slowest-first" | "host"), got "fast"; "silent" must be boolean, got "no"; ' +
      '"history.runs" must be a whole number from 1 to 1000, got 0; ' +
      '"shards.newFiles" must be ("refuse" | "lightest"), got "skip"',
  )
})

test('every unknown option is told, beside the other problems', () => {
  const problem = problemOf({ ordr: 'host', zzzzzz: 1, silent: 1, history: { run: 1, runz: 2 } })
  expect(problem).toContain('"silent" must be boolean, got 1')
  expect(problem).toContain('unknown option "ordr", did you mean "order"?')
  expect(problem).toContain(
    'unknown option "zzzzzz", known are dir, order, failedFirst, silent, history, shards, groups, rules, ' +
      'keepTempDirs, envGuard, prefix, ports',
  )
  expect(problem).toContain('unknown option "history.run", did you mean "history.runs"?')
  expect(problem).toContain('unknown option "history.runz", did you mean "history.runs"?')
})

test('unknown options of a group are compared with that group', () => {
  expect(problemOf({ shards: { newfiles: 'refuse' } })).toContain('did you mean "shards.newFiles"?')
  expect(problemOf({ shards: { completely: 1 } })).toContain(
    'unknown option "shards.completely", known are snapshot, newFiles',
  )
})

test.each(['toString', 'constructor', '__proto__', '', 'a.b.c'])('%j is unknown as any other name', (name) => {
  expect(problemOf(JSON.parse(`{ ${JSON.stringify(name)}: 1 }`))).toContain(`unknown option "${name}"`)
})

test.each([0, -1, 1.5, 1001, NaN, '20', null])('history.runs cannot be %j', (runs) => {
  expect(problemOf({ history: { runs } })).toMatch(
    /"history\.runs" must be (number|a whole number from 1 to 1000), got /,
  )
})

test('a problem with a number is told once', () => {
  expect(problemOf({ history: { runs: -1.5 } }).match(/history\.runs/g)).toHaveLength(1)
})

test('names must not be empty', () => {
  expect(problemOf({ dir: '', shards: { snapshot: '' } })).toContain(
    '"dir" must not be empty, got ""; "shards.snapshot" must not be empty, got ""',
  )
})

test.each([
  ['slow', '"slow"'],
  [5, '5'],
  [[], 'Array'],
  [() => 1, 'Function'],
])('options cannot be %j', (options, received) => {
  expect(problemOf(options)).toBe(
    `HEDDLE_OPTIONS_INVALID: Cannot use the options of heddle: expected an object, got ${received}`,
  )
})

test.each([[5], [[]], ['x'], [null]])('a group of options cannot be %j', (group) => {
  expect(problemOf({ history: group })).toMatch(/"history" must be an object, got /)
})

test('the message names where the options came from, and where to look', () => {
  expect(() => resolveHeddleOptions({ x: 1 }, '"/repo/heddle.config.ts"')).toThrow(
    /^HEDDLE_OPTIONS_INVALID: Cannot use "\/repo\/heddle.config.ts": .*\nFix: see docs\/configuration.md/,
  )
})

describe('options of fixtures', () => {
  test.each([
    ['keepTempDirs', 'on-fail', 'must be ("never" | "on-failure" | "always"), got "on-fail"'],
    ['keepTempDirs', true, 'must be ("never" | "on-failure" | "always"), got true'],
    ['envGuard', 'undo', 'must be ("auto" | "off" | "restore" | "warn" | "fail"), got "undo"'],
    ['envGuard', false, 'must be ("auto" | "off" | "restore" | "warn" | "fail"), got false'],
    ['prefix', '[slot]', 'must be boolean, got "[slot]"'],
  ])('%s cannot be %j', (name, value, reason) => {
    expect(problemOf({ [name]: value })).toMatch(new RegExp(`: "${name}" ${reason.replaceAll(/[()|[\]]/g, '\\$&')}$`))
  })

  test.each([
    ['keepTempDir', 'keepTempDirs'],
    ['envguard', 'envGuard'],
    ['prefixes', 'prefix'],
    ['port', 'ports'],
  ])('who writes %s is told of %s', (written, meant) => {
    expect(problemOf({ [written]: 1 })).toContain(`unknown option "${written}", did you mean "${meant}"?`)
  })

  test.each([[[1024, 1123]], [[65_436, 65_535]]])('ports can be %j', (ports) => {
    expect(resolveHeddleOptions({ ports }).ports).toEqual(ports)
  })

  test.each([
    [[1023, 2000]],
    [[20_000, 20_098]],
    [[65_000, 65_536]],
    [[30_000, 20_000]],
    [[2000.5, 9000]],
    [[20_000]],
    [[20_000, 30_000, 40_000]],
    [['20000', '30000']],
    [NaN],
    [20_000],
    [{ first: 20_000, last: 30_000 }],
    [null],
  ])('ports cannot be %j', (ports) => {
    expect(problemOf({ ports })).toMatch(
      /: "ports" must be \[first, last\], at least 100 ports from 1024 to 65535, got [^;]+$/,
    )
  })
})

describe('groups', () => {
  test('have one permit and are of the run if nothing else is said', () => {
    const groups = { db: {}, api: { limit: 2, scope: 'machine' }, files: { limit: Infinity, scope: undefined } }
    expect(resolveHeddleOptions({ groups }).groups).toEqual({
      db: { limit: 1, scope: 'run', dir: '' },
      api: { limit: 2, scope: 'machine', dir: '' },
      files: { limit: Infinity, scope: 'run', dir: '' },
    })
  })

  test.each([0, -1, 1.5, NaN, '2', null, -Infinity])('cannot have the limit %j', (limit) => {
    expect(problemOf({ groups: { db: { limit } } })).toContain(
      '"groups.db.limit" must be a whole number of at least 1, or Infinity, got ',
    )
  })

  test('problems are told with the name of the group', () => {
    const problem = problemOf({ groups: { db: { scop: 'run' }, 'a.b': { scope: 'world' }, x: 1 } })
    expect(problem).toContain('unknown option "groups.db.scop", did you mean "groups.db.scope"?')
    expect(problem).toContain('"groups.a.b.scope" must be ("run" | "workspace" | "machine"), got "world"')
    expect(problem).toContain('"groups.x" must be an object, got 1')
  })

  test.each(['', 'a b', 'a,b', 'a#1', "it's", 'a\\b', 'toString', '__proto__'])('cannot have the name %j', (name) => {
    expect(problemOf(JSON.parse(`{ "groups": { ${JSON.stringify(name)}: {} } }`))).toContain(
      `a group cannot have the name "${name}"`,
    )
  })

  test('cannot share a variable', () => {
    expect(problemOf({ groups: { 'my-api': {}, db: {}, my_API: {} } })).toContain(
      'the groups "my-api" and "my_API" would have one variable for their slots, HEDDLE_GROUP_SLOT_MY_API',
    )
  })

  test.each([[5], [[]], [null]])('cannot be %j', (groups) => {
    expect(problemOf({ groups })).toMatch(/"groups" must be an object, got /)
  })
})

describe('resources', () => {
  const bucket = defineResource({ kind: 'bucket', create: () => ({}) })

  test('are taken as they are', () => {
    expect(resolveHeddleOptions({ resources: { bucket } }).resources['bucket']).toBe(bucket)
  })

  test('are judged with everything else', () => {
    expect(problemOf({ resources: { 'a-b': bucket, c: {} }, prefix: 1 })).toMatch(
      /prefix.*name "a-b".*"resources\.c" must/,
    )
    expect(problemOf({ resources: [] })).toContain('"resources" must be an object, got Array')
  })
})

describe('rules', () => {
  test('of every form are taken as they are', () => {
    const when = (): boolean => true
    const rules: Rule[] = [
      { files: 'a/**', group: 'db' },
      { files: ['a', '!b'], tags: ['x'], project: ['', 'unit'], platform: ['linux', 'darwin'], weight: 'all' },
      { tests: /x/gi, group: { name: 'db', mode: 'exclusive' }, weight: 2 },
      { tests: 'a+', group: [] },
      { when, group: ['db', { name: 'smtp' }], priority: -100 },
    ]
    const resolved = resolveHeddleOptions({ rules }).rules
    expect(resolved).toEqual(rules.map((rule, i) => ({ ...rule, dir: '', place: `rules[${i}]` })))
    expect(resolved[2]?.tests).toBe(rules[2]?.tests)
  })

  test('an entry that is undefined is not there', () => {
    expect(resolveHeddleOptions({ rules: [{ files: 'a', tests: undefined, weight: 2 }] }).rules).toEqual([
      { files: 'a', weight: 2, dir: '', place: 'rules[0]' },
    ])
    expect(problemOf({ rules: [{ files: undefined, weight: 2 }] })).toContain('"rules[0]" matches nothing')
  })

  test('all problems are told, with their places', () => {
    const rules = [
      { files: 'a', grup: 'db', weight: 0 },
      { group: 'db' },
      { files: [], tests: 5, tags: '', project: [''], when: true, priority: 101 },
      { tests: '(', priority: 1 },
      { platform: 'windows', group: [{ name: 'db', mod: 'x' }, { mode: 'alone' }, 7] },
      { platform: ['linus', 'amiga'], group: null },
      7,
    ]
    expect(problemOf({ rules }).split(': Cannot use the options of heddle: ')[1]?.split('; ')).toEqual([
      `"rules[0].weight" must be a whole number of at least 1, or 'all', got 0`,
      '"rules[2].files" must be a string or a list of strings, neither empty, got Array',
      '"rules[2].tests" must be a regular expression or a string, got 5',
      '"rules[2].tags" must be a string or a list of strings, neither empty, got ""',
      '"rules[2].when" must be a function, got true',
      '"rules[2].priority" must be a whole number from -100 to 100, got 101',
      '"rules[6]" must be an object, got 7',
      'unknown option "rules[0].grup", did you mean "rules[0].group"?',
      '"rules[1]" matches nothing: it needs one of files, tests, tags, project, platform, when',
      '"rules[2]" has "tests" and "priority", but priority is the place of a file among files',
      '"rules[3]" has "tests" and "priority", but priority is the place of a file among files',
      expect.stringMatching(/^"rules\[3\]\.tests" is no regular expression: .*\(/) as string,
      '"rules[4].platform" must be a value of process.platform, got "windows", did you mean "win32"?',
      'unknown option "rules[4].group[0].mod", did you mean "rules[4].group[0].mode"?',
      '"rules[4].group[1].name" must be the name of a group',
      '"rules[4].group[1].mode" must be ("shared" | "exclusive"), got "alone"',
      '"rules[4].group[2]" must be the name of a group or { name, mode }',
      '"rules[5].platform" must be a value of process.platform, got "linus", did you mean "linux"?',
      expect.stringMatching(/got "amiga", known are aix, /) as string,
      '"rules[5].group" must be the name of a group or { name, mode }',
    ])
  })

  test('a rule that sets nothing is a problem', () => {
    expect(problemOf({ rules: [{ files: 'a' }] })).toContain(
      '"rules[0]" sets nothing: it needs one of group, weight, priority',
    )
  })

  test.each([[5], [{}], ['x'], [null]])('cannot be %j', (rules) => {
    expect(problemOf({ rules })).toMatch(/"rules" must be a list of rules, got /)
  })
})
