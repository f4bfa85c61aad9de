import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { tempDir } from '../fixtures/host.js'
import { guessRootDir } from './root-dir.js'

const repo = tempDir()
for (const file of ['package.json', 'packages/a/jest.config.ts', 'packages/b/package.json', 'packages/a/src/x.ts']) {
  mkdirSync(dirname(join(repo, file)), { recursive: true })
  writeFileSync(join(repo, file), '{}')
}
const [a, b] = [join(repo, 'packages/a'), join(repo, 'packages/b')]

function rootFrom(cwd: string, ...argv: string[]): string {
  return guessRootDir([a, b], { argv: ['node', 'jest', ...argv], cwd })
}

describe('guessRootDir', () => {
  test('is the nearest directory with a config or package.json, from the working directory up', () => {
    expect(rootFrom(repo)).toBe(repo)
    expect(rootFrom(join(repo, 'packages'))).toBe(repo)
    expect(rootFrom(join(a, 'src'))).toBe(a)
  })

  test('follows the command line', () => {
    expect(rootFrom(repo, '--config', 'packages/a/jest.config.ts')).toBe(a)
    expect(rootFrom(repo, '--config=packages/a/jest.config.ts')).toBe(a)
    expect(rootFrom(a, '-c', '../../jest.config.js', '--shard=1/2')).toBe(repo)
    expect(rootFrom(a, '--rootDir', '../..')).toBe(repo)
  })

  test('ignores a config given as text', () => {
    expect(rootFrom(repo, '--config', '{"bail": 1}')).toBe(repo)
  })

  test('is what holds all projects if none of them is where Jest was started', () => {
    const elsewhere = tempDir()
    expect(rootFrom(elsewhere)).toBe(join(repo, 'packages'))
    expect(guessRootDir([a], { argv: [], cwd: elsewhere })).toBe(a)
  })

  test('needs no projects', () => {
    expect(guessRootDir([], { argv: [], cwd: repo })).toBe(repo)
  })
})
