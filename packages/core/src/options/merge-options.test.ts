import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergeOptions } from './merge-options.js'
import { defineResource } from '../resources/resource.js'
import type { HeddleOptions } from './options.js'

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

test('an inline range of ports takes the place of the one of the file', () => {
  const file: HeddleOptions = { ports: [20_000, 29_999], keepTempDirs: 'always', envGuard: 'warn' }
  expect(mergeOptions(file, { ports: [40_000, 41_000], envGuard: 'off', prefix: true })).toEqual({
    ports: [40_000, 41_000],
    keepTempDirs: 'always',
    envGuard: 'off',
    prefix: true,
  })
})

test('an inline resource takes the place of the one of its name', () => {
  const [first, second, third] = ['a', 'b', 'c'].map((kind) => defineResource({ kind, create: () => ({}) }))
  const file = { resources: { main: first, other: second } } as HeddleOptions
  const inline = { resources: { main: third, other: undefined } } as unknown as HeddleOptions
  expect(mergeOptions(file, inline).resources).toEqual({ main: third, other: second })
  expect(mergeOptions(file, {}).resources).toBe(file.resources)
})

test('merging nothing adds nothing', () => {
  expect(mergeOptions({}, {})).toEqual({})
})

test('groups of one name are one, inside of which inline wins; inline rules come first', () => {
  const file: HeddleOptions = {
    groups: { db: { limit: 2, scope: 'machine' }, smtp: {} },
    rules: [{ files: 'file', weight: 1 }],
  }
  const inline: HeddleOptions = { groups: { db: { limit: 3 }, gpu: {} }, rules: [{ files: 'inline', weight: 2 }] }
  expect(mergeOptions(file, inline)).toEqual({
    groups: { db: { limit: 3, scope: 'machine' }, smtp: {}, gpu: {} },
    rules: [
      { files: 'inline', weight: 2 },
      { files: 'file', weight: 1 },
    ],
  })
  expect(mergeOptions(file, {})).toEqual(file)
  expect(mergeOptions({}, inline)).toEqual(inline)
})

test('merging keeps every group and every rule, and inline ones as they are', () => {
  const group = fc.record({ limit: fc.nat(), scope: fc.constantFrom('run', 'machine') }, { requiredKeys: [] })
  const options = fc.record({
    groups: fc.dictionary(fc.constantFrom('a', 'b', 'c'), group),
    rules: fc.array(fc.record({ files: fc.string(), weight: fc.nat() })),
  }) as fc.Arbitrary<Required<Pick<HeddleOptions, 'groups' | 'rules'>>>
  fc.assert(
    fc.property(options, options, (file, inline) => {
      const merged = mergeOptions(file, inline)
      expect(merged.rules).toEqual([...inline.rules, ...file.rules])
      for (const name of ['a', 'b', 'c']) {
        const both = { ...file.groups[name], ...inline.groups[name] }
        const isThere = name in file.groups || name in inline.groups
        expect(merged.groups?.[name]).toEqual(isThere ? both : undefined)
      }
    }),
  )
})
