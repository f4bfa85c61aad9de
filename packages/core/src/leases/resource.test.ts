import * as fc from 'fast-check'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { dirWith } from '../../fixtures/directories.js'
import { resourceId, type Surroundings } from './resource.js'
import type { LeaseScope } from './scope.js'

const HERE: Surroundings = { root: '/', runId: 'run-1' }

function idOf(name: string, scope: LeaseScope = 'machine', surroundings: Surroundings = HERE): string {
  return resourceId({ name, scope }, surroundings)
}

describe('resourceId', () => {
  test('two names have two ids, for any names', () => {
    const names = fc.uniqueArray(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 2 })
    fc.assert(
      fc.property(names, ([a = '', b = '']) => {
        expect(idOf(a)).not.toBe(idOf(b))
      }),
    )
  })

  test.each([
    ['case', 'Ledger', 'ledger'],
    ['a space', 'ledger ', 'ledger'],
    ['how an accent is written', '\u00e9', 'e\u0301'],
    ['a zero byte', 'a\0b', 'ab'],
    ['half a surrogate pair', '\ud83d', '\ud83e'],
    ['what the readable part leaves out', 'a/b', 'a\\b'],
    ['what comes after the readable part', `${'x'.repeat(500)}1`, `${'x'.repeat(500)}2`],
  ])('names that differ only in %s have two ids', (_, a, b) => {
    expect(idOf(a)).not.toBe(idOf(b))
  })

  test.each([
    '',
    '.',
    '..',
    '/',
    '../../etc',
    'CON',
    'nul.txt',
    'ΛΟΓΙΣΤΙΚΟ',
    '🧵🧶',
    'a\0b',
    'x'.repeat(200_000),
    '-rf',
    '~done',
  ])('the id of %.20j is a safe name for a directory on any file system', (name) => {
    expect(idOf(name)).toMatch(/^[a-z0-9-]{0,24}-[0-9a-f]{20}$/)
  })

  test('ids differ where case is ignored as well', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(idOf(name)).toBe(idOf(name).toLowerCase())
      }),
    )
  })

  test('the name can be recognised in it', () => {
    expect(idOf('Ledger of 2026')).toMatch(/^ledger-of-2026-/)
  })

  test('the same name in another scope is another resource', () => {
    const ids = (['run', 'workspace', 'machine'] as const).map((scope) => idOf('ledger', scope))
    expect(new Set(ids).size).toBe(3)
  })

  test('scope and realm cannot be confused with the name', () => {
    const inRun = (runId: string, name: string): string => idOf(name, 'run', { root: '/', runId })
    expect(inRun('a\0-', '-')).not.toBe(inRun('a', '-\0-'))
    expect(inRun('', 'a')).not.toBe(inRun('a', ''))
  })

  test('packages of one repository share a name of scope workspace', () => {
    const repo = dirWith({ '.git/HEAD': '', 'packages/api/package.json': '{}', 'packages/web/package.json': '{}' })
    const at = (path: string): string => idOf('ledger', 'workspace', { root: join(repo, path) })
    expect(at('packages/api')).toBe(at('packages/web'))
    expect(at('packages/api')).toBe(at('.'))
  })

  test('worktrees of one repository share a name of scope workspace', () => {
    const dir = dirWith({
      'main/.git/HEAD': '',
      'main/.git/worktrees/tree/commondir': '../..\n',
      'tree/.git': 'gitdir: ../main/.git/worktrees/tree\n',
    })
    const at = (path: string): string => idOf('ledger', 'workspace', { root: join(dir, path) })
    expect(at('tree')).toBe(at('main'))
  })

  test('two repositories do not share a name of scope workspace, but one of scope machine', () => {
    const dir = dirWith({ 'a/.git/HEAD': '', 'b/.git/HEAD': '' })
    const [a, b] = [{ root: join(dir, 'a') }, { root: join(dir, 'b') }]
    expect(idOf('ledger', 'workspace', a)).not.toBe(idOf('ledger', 'workspace', b))
    expect(idOf('ledger', 'machine', a)).toBe(idOf('ledger', 'machine', b))
  })

  test('workers of one run share a name of scope run, and no others', () => {
    const inRun = (runId: string, root: string): string => idOf('ledger', 'run', { root, runId })
    expect(inRun('1', '/')).toBe(inRun('1', '/elsewhere'))
    expect(inRun('1', '/')).not.toBe(inRun('2', '/'))
  })

  test('scope run outside of a run is an error that names the way out', () => {
    expect(() => idOf('ledger', 'run', { root: '/' })).toThrow(
      expect.objectContaining({
        code: 'HEDDLE_LEASE_INVALID',
        message: expect.stringContaining(
          'Cannot acquire "ledger" with scope "run": this process belongs to no run\nFix: ',
        ),
      }),
    )
  })
})
