import ci from 'ci-info'
import { expect, test } from 'vitest'
import { mergeOptions, resolveHeddleOptions, type HeddleOptions } from './options.js'

const DEFAULTS = {
  dir: '.heddle',
  order: 'slowest-first',
  failedFirst: !ci.isCI,
  silent: false,
  history: { runs: 20 },
  shards: { snapshot: 'heddle.durations.json', newFiles: 'refuse' },
  groups: {},
  rules: [],
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
  }
  expect(resolveHeddleOptions(options)).toEqual({ ...options, groups: {}, rules: [] })
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
  expect(problem).toContain('unknown option "zzzzzz", known are dir, order, failedFirst, silent, history, shards')
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

test('inline options win key by key, inside groups as well', () => {
  const file: HeddleOptions = { dir: 'a', silent: true, shards: { snapshot: 'a.json', newFiles: 'lightest' } }
  expect(mergeOptions(file, { dir: 'b', history: { runs: 5 }, shards: { snapshot: 'b.json' } })).toEqual({
    dir: 'b',
    silent: true,
    history: { runs: 5 },
    shards: { snapshot: 'b.json', newFiles: 'lightest' },
  })
})

test('an inline option that is undefined leaves the one of the file in force', () => {
  const inline = { dir: undefined, shards: { newFiles: undefined }, history: undefined } as unknown as HeddleOptions
  expect(mergeOptions({ dir: 'a', history: { runs: 3 }, shards: { newFiles: 'lightest' } }, inline)).toEqual({
    dir: 'a',
    history: { runs: 3 },
    shards: { newFiles: 'lightest' },
  })
})

test('merging nothing adds nothing', () => {
  expect(mergeOptions({}, {})).toEqual({})
})
