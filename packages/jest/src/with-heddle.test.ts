import { join } from 'node:path'
import { defineResource } from '@heddle/core'
import type { Config } from 'jest'
import { afterEach, describe, expect, expectTypeOf, test, vi } from 'vitest'
import { processState } from './process-state.js'
import { withHeddle } from './with-heddle.js'

const OURS = join(__dirname, 'sequencer.js')

afterEach(() => {
  delete processState().rootOptions
  vi.restoreAllMocks()
})

describe('withHeddle', () => {
  test('sets the sequencer and leaves everything else as it is', () => {
    const config = { preset: 'ts-jest', reporters: ['./mine.js'], projects: ['packages/*'], maxWorkers: 3 }
    expect(withHeddle(config)).toEqual({ ...config, testSequencer: OURS })
  })

  test('leaves the given config alone', () => {
    const config = Object.freeze({ projects: [Object.freeze({ displayName: 'a' })] })
    expect(withHeddle(config, { silent: true })).not.toBe(config)
    expect(config).toEqual({ projects: [{ displayName: 'a' }] })
  })

  test('refuses resources, which are functions', () => {
    const photos = defineResource({ kind: 'bucket', create: () => ({ bucket: 'photos' }) })
    expect(() => withHeddle({}, { resources: { photos } })).toThrow(
      /HEDDLE_OPTIONS_INVALID.*photos.*\nFix: .*heddle\.config/,
    )
    expect(withHeddle({}, { resources: {} })).toMatchObject({ testSequencer: OURS })
  })

  test('turns a function into an async function', async () => {
    const config = withHeddle(() => ({ verbose: true }))
    await expect(config()).resolves.toEqual({ verbose: true, testSequencer: OURS })
    await expect(withHeddle(async () => ({ bail: 1 }))()).resolves.toEqual({ bail: 1, testSequencer: OURS })
  })

  test('adds no global where there are no options', () => {
    expect(withHeddle({ projects: [{ displayName: 'a' }] }, {})).toEqual({
      projects: [{ displayName: 'a' }],
      testSequencer: OURS,
    })
  })

  test('carries options in the globals of the root and of every inline project', () => {
    const config = { globals: { mine: 1 }, projects: ['<rootDir>/a', { displayName: 'b', globals: { theirs: 2 } }] }
    expect(withHeddle(config, { silent: true })).toEqual({
      globals: { mine: 1, __HEDDLE__: { silent: true } },
      projects: ['<rootDir>/a', { displayName: 'b', globals: { theirs: 2, __HEDDLE__: { silent: true } } }],
      testSequencer: OURS,
    })
  })

  test('keeps the options of a config with projects for those given as paths', () => {
    withHeddle({ projects: ['packages/*'] }, { order: 'host' })
    withHeddle({ displayName: 'a' }, { order: 'slowest-first' })
    expect(processState().rootOptions).toEqual({ order: 'host' })
  })

  test('stands aside for a sequencer of the user, with one line', () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const config = { testSequencer: './mine.js' }
    expect(withHeddle(config)).toBe(config)
    expect(write.mock.calls).toEqual([
      ['heddle: the config has its own testSequencer "./mine.js", heddle stands aside\n'],
    ])
  })

  test.each([
    '@jest/test-sequencer',
    'C:\\repo\\node_modules\\@jest\\test-sequencer\\build\\index.js',
    '@heddle/jest/sequencer',
    '/repo/node_modules/@heddle/jest/dist/sequencer.js',
    OURS,
  ])('replaces %s, which is no choice of the user against heddle', (testSequencer) => {
    expect(withHeddle({ testSequencer }).testSequencer).toBe(OURS)
  })

  test('names all problems of the options at once', () => {
    const options = { ordre: 'host', silent: 3 }
    expect(() => withHeddle({}, options as object)).toThrow(/^HEDDLE_OPTIONS_INVALID: .*"silent".*"ordre"/)
  })

  test('returns the type it got', () => {
    interface Special extends Config {
      readonly special?: number
    }
    const special: Special = {}
    expectTypeOf(withHeddle(special)).toEqualTypeOf<Special>()
    expectTypeOf(withHeddle(() => special)).toEqualTypeOf<() => Promise<Special>>()
    expectTypeOf(withHeddle(async () => special)).toEqualTypeOf<() => Promise<Special>>()
    // @ts-expect-error not a Jest config
    withHeddle(1)
    // @ts-expect-error not an option
    expect(() => withHeddle({}, { ordre: 'host' })).toThrow('did you mean "order"')
  })
})
