import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryDir, writeInto } from '../../fixtures/directories.js'
import { findCacheDir } from './cache-dir.js'

const here = { home: () => '/home/me', isWritable: () => true }

test.each([
  [{}, 'linux', '/home/me/.cache/heddle'],
  [{}, 'darwin', '/home/me/Library/Caches/heddle'],
  [{}, 'win32', '/home/me/AppData/Local/heddle/cache'],
  [{ LOCALAPPDATA: '/local' }, 'win32', '/local/heddle/cache'],
  [{ XDG_CACHE_HOME: '/caches' }, 'linux', '/caches/heddle'],
  // To be ignored, says the specification.
  [{ XDG_CACHE_HOME: 'caches' }, 'linux', '/home/me/.cache/heddle'],
  [{ XDG_CACHE_HOME: '/caches', HEDDLE_CACHE_DIR: '/mine' }, 'linux', '/mine'],
] as const)('with %j on %s it is %s', (env, platform, dir) => {
  expect(findCacheDir(env, { ...here, platform })).toBe(dir)
})

test('a user without a home is no failure', () => {
  const home = (): never => {
    throw new Error('uv_os_homedir returned ENOENT')
  }
  expect(findCacheDir({}, { ...here, home, platform: 'linux' })).toMatch(/heddle-\w+\/cache$/)
  expect(findCacheDir({ XDG_CACHE_HOME: '/caches' }, { ...here, home, platform: 'linux' })).toBe('/caches/heddle')
})

test('its own variable may be relative', () => {
  expect(findCacheDir({ HEDDLE_CACHE_DIR: 'x' }, here)).toBe(resolve('x'))
})

test('a home in which nothing can be made is left alone', () => {
  expect(findCacheDir({}, { ...here, platform: 'linux', isWritable: () => false })).toMatch(/heddle-\w+\/cache$/)
  const dir = temporaryDir()
  const home = (): string => dir
  expect(findCacheDir({}, { home, platform: 'linux' })).toBe(join(dir, '.cache/heddle'))
  // A file stands where a directory would have to be.
  writeInto(dir, '.cache', '')
  expect(findCacheDir({}, { home, platform: 'linux' })).not.toContain(dir)
})
