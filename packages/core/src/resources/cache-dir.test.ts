import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryDir, writeInto } from '../../fixtures/directories.js'
import { findCacheDir } from './cache-dir.js'

const here = { home: '/home/me', isWritable: () => true }

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

test('its own variable may be relative', () => {
  expect(findCacheDir({ HEDDLE_CACHE_DIR: 'x' }, here)).toBe(resolve('x'))
})

test('a home in which nothing can be made is left alone', () => {
  expect(findCacheDir({}, { ...here, platform: 'linux', isWritable: () => false })).toMatch(/heddle-\w+\/cache$/)
  const home = temporaryDir()
  expect(findCacheDir({}, { home, platform: 'linux' })).toBe(join(home, '.cache/heddle'))
  // A file stands where a directory would have to be.
  writeInto(home, '.cache', '')
  expect(findCacheDir({}, { home, platform: 'linux' })).not.toContain(home)
})
