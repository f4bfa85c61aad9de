import { posix, win32 } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareKeys, displayKey, fileOfKey, jobKey, parseJobKey, toPortablePath } from './job-key.js'

const anyPath = fc.string({ unit: fc.constantFrom('a', '/', '.', '\t', ' ', 'ü', '\\') })
const anyProject = fc.string({ unit: fc.constantFrom('a', ' ', '@', '/', '›') })

test('a key is the path, and after a tab the project', () => {
  expect(jobKey('', 'test/a.test.ts')).toBe('test/a.test.ts')
  expect(jobKey('unit', 'test/a.test.ts')).toBe('test/a.test.ts\tunit')
})

test('project and path survive the key, tabs in paths included', () => {
  fc.assert(
    fc.property(anyProject, anyPath, (project, path) => {
      expect(parseJobKey(jobKey(project, path))).toEqual({ project, path })
    }),
  )
})

test('tabs in the name of a project become spaces', () => {
  expect(parseJobKey(jobKey('a\tb', 'x\ty'))).toEqual({ project: 'a b', path: 'x\ty' })
})

test('different files or projects never share a key', () => {
  fc.assert(
    fc.property(anyProject, anyPath, anyProject, anyPath, (project, path, otherProject, otherPath) => {
      const isSame = project === otherProject && path === otherPath
      expect(jobKey(project, path) === jobKey(otherProject, otherPath)).toBe(isSame)
    }),
    { numRuns: 500 },
  )
})

test('people read the project before the path', () => {
  expect([jobKey('', 'a.ts'), jobKey('unit', 'a.ts')].map(displayKey)).toEqual(['a.ts', 'unit › a.ts'])
})

test('absolute and relative files have one portable path', () => {
  expect(toPortablePath('/repo', '/repo/test/a.ts', posix)).toBe('test/a.ts')
  expect(toPortablePath('/repo', 'test/a.ts', posix)).toBe('test/a.ts')
  expect(toPortablePath('/repo', '/repo', posix)).toBe('')
  expect(toPortablePath('/repo/app', '/repo/lib/a.ts', posix)).toBe('../lib/a.ts')
})

test('a backslash is part of a POSIX name', () => {
  expect(toPortablePath('/repo', '/repo/a\\b.ts', posix)).toBe('a\\b.ts')
})

test.each([
  ['C:\\repo\\test\\a.ts', 'test/a.ts'],
  ['C:/repo/test/a.ts', 'test/a.ts'],
  ['c:\\repo\\test\\a.ts', 'test/a.ts'],
  ['test\\a.ts', 'test/a.ts'],
  ['C:\\other\\a.ts', '../other/a.ts'],
  ['D:\\repo\\a.ts', 'D:/repo/a.ts'],
])('on Windows %s has the path %s', (file, path) => {
  expect(toPortablePath('C:\\repo', file, win32)).toBe(path)
})

test('a key leads back to its file', () => {
  expect(fileOfKey('/repo', 'test/a.ts\tunit', posix)).toBe('/repo/test/a.ts')
  expect(fileOfKey('/repo/app', '../lib/a.ts', posix)).toBe('/repo/lib/a.ts')
  expect(fileOfKey('C:\\repo', 'test/a.ts', win32)).toBe('C:\\repo\\test\\a.ts')
})

test('a file on another Windows drive is found again', () => {
  expect(fileOfKey('C:\\repo', toPortablePath('C:\\repo', 'D:\\lib\\a.ts', win32), win32)).toBe('D:\\lib\\a.ts')
})

test('keys are ordered by code unit, not by locale', () => {
  expect(['b', 'ä', 'a', 'B'].sort(compareKeys)).toEqual(['B', 'a', 'b', 'ä'])
  expect(compareKeys('a', 'a')).toBe(0)
})
