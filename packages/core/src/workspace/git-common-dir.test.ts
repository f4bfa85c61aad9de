import { execFileSync } from 'node:child_process'
import fs, { mkdirSync, realpathSync, symlinkSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { dirWith, temporaryDir } from '../../fixtures/directories.js'
import { findGitCommonDir } from './git-common-dir.js'

test('packages inside a repository have its .git directory in common', () => {
  const repo = dirWith({ '.git/HEAD': '', 'packages/api/src/a.ts': '', 'packages/web/a.ts': '' })
  for (const path of ['.', 'packages/api', 'packages/api/src', 'packages/web', 'not/there'])
    expect(findGitCommonDir(join(repo, path))).toBe(join(repo, '.git'))
})

test('of nested repositories the innermost counts', () => {
  const dir = dirWith({ '.git/HEAD': '', 'vendor/lib/.git/HEAD': '' })
  expect(findGitCommonDir(join(dir, 'vendor/lib'))).toBe(join(dir, 'vendor/lib/.git'))
})

test('a worktree made by git has the same as its repository', () => {
  const dir = temporaryDir()
  const git = (...args: string[]): Buffer =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      cwd: join(dir, 'main'),
      stdio: 'pipe',
    })
  mkdirSync(join(dir, 'main'))
  git('init')
  git('commit', '--allow-empty', '-m', 'first')
  git('worktree', 'add', '../tree')
  expect(findGitCommonDir(join(dir, 'tree'))).toBe(join(dir, 'main/.git'))
  expect(findGitCommonDir(join(dir, 'main'))).toBe(join(dir, 'main/.git'))
})

test.each([
  ['relative', '../..\n', '/main/.git'],
  ['absolute', 'DIR/main/.git\n', '/main/.git'],
])('the commondir of a worktree may be %s', (_, commondir, expected) => {
  const dir = dirWith({ 'main/.git/HEAD': '' })
  const text = commondir.replace('DIR', dir)
  fs.mkdirSync(join(dir, 'main/.git/worktrees/tree'), { recursive: true })
  fs.writeFileSync(join(dir, 'main/.git/worktrees/tree/commondir'), text)
  fs.mkdirSync(join(dir, 'tree/src'), { recursive: true })
  fs.writeFileSync(join(dir, 'tree/.git'), `gitdir: ${join(dir, 'main/.git/worktrees/tree')}\r\n`)
  expect(findGitCommonDir(join(dir, 'tree/src'))).toBe(join(dir, expected))
})

test('a submodule has its own', () => {
  const dir = dirWith({ '.git/modules/lib/HEAD': '', 'lib/.git': 'gitdir: ../.git/modules/lib\n' })
  expect(findGitCommonDir(join(dir, 'lib'))).toBe(join(dir, '.git/modules/lib'))
})

test('a link to a repository leads to the same place', () => {
  const dir = dirWith({ 'real/.git/HEAD': '' })
  symlinkSync(join(dir, 'real'), join(dir, 'link'))
  expect(findGitCommonDir(join(dir, 'link'))).toBe(join(dir, 'real/.git'))
})

test('without a repository it is the workspace', () => {
  const dir = dirWith({ 'package.json': '{ "workspaces": ["*"] }', 'app/package.json': '{}' })
  expect(findGitCommonDir(join(dir, 'app'))).toBe(dir)
})

test('without a workspace either it is the directory itself, by its real path', () => {
  const dir = dirWith({ 'app/package.json': '{}' })
  symlinkSync(join(dir, 'app'), join(dir, 'link'))
  expect(findGitCommonDir(join(dir, 'link'))).toBe(realpathSync(join(dir, 'app')))
})

test.each(['', 'whatever', 'gitdir:', 'gitdir: '])('a .git file with %j is passed over', (text) => {
  const repo = dirWith({ '.git/HEAD': '', 'app/.git': text })
  expect(findGitCommonDir(join(repo, 'app'))).toBe(join(repo, '.git'))
})

test.runIf(process.platform === 'linux')('a .git file that cannot be read is passed over', () => {
  const repo = dirWith({ '.git/HEAD': '', 'app/a.ts': '' })
  symlinkSync('/proc/self/mem', join(repo, 'app/.git'))
  expect(findGitCommonDir(join(repo, 'app'))).toBe(join(repo, '.git'))
})

test('a worktree whose repository is gone still has a name', () => {
  const dir = dirWith({ 'tree/.git': 'gitdir: ../main/.git/worktrees/tree\n' })
  expect(findGitCommonDir(join(dir, 'tree'))).toBe(join(dir, 'main/.git/worktrees/tree'))
})

test('tests that replace file functions do not change what it finds', () => {
  const repo = dirWith({ '.git/HEAD': '', 'app/a.ts': '' })
  const plain = dirWith({ 'package.json': '{ "workspaces": ["*"] }', 'app/package.json': '{}' })
  const spies = (['statSync', 'readFileSync', 'existsSync', 'realpathSync'] as const).map((name) =>
    vi.spyOn(fs, name).mockImplementation(() => {
      throw new Error('replaced')
    }),
  )
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore()
    syncBuiltinESMExports()
  })
  syncBuiltinESMExports()
  expect([findGitCommonDir(join(repo, 'app')), findGitCommonDir(join(plain, 'app'))]).toEqual([
    join(repo, '.git'),
    plain,
  ])
})
