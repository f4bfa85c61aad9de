import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dirWith } from '../../fixtures/directories.js'
import { findWorkspaceRoot } from './workspace-root.js'

const WORKSPACE = '{ "workspaces": ["packages/*"] }'

test('the package-manager workspace around a package is the root', () => {
  const repo = dirWith({ '.git/HEAD': '', 'package.json': WORKSPACE, 'packages/api/package.json': '{}' })
  expect(findWorkspaceRoot(join(repo, 'packages/api'))).toBe(repo)
  expect(findWorkspaceRoot(repo)).toBe(repo)
})

test('pnpm-workspace.yaml makes a workspace as well', () => {
  const repo = dirWith({ '.git/HEAD': '', 'js/pnpm-workspace.yaml': '', 'js/packages/api/package.json': '{}' })
  expect(findWorkspaceRoot(join(repo, 'js/packages/api'))).toBe(join(repo, 'js'))
})

test('of nested workspaces the outermost is the root', () => {
  const repo = dirWith({ '.git/HEAD': '', 'js/package.json': WORKSPACE, 'js/app/package.json': WORKSPACE })
  expect(findWorkspaceRoot(join(repo, 'js/app'))).toBe(join(repo, 'js'))
})

test('a workspace outside the repository is not looked at', () => {
  const dir = dirWith({ 'package.json': WORKSPACE, 'repo/.git/HEAD': '', 'repo/src/a.ts': '' })
  expect(findWorkspaceRoot(join(dir, 'repo/src'))).toBe(join(dir, 'repo'))
})

test('a worktree, whose .git is a file, is a repository', () => {
  const dir = dirWith({ 'tree/.git': 'gitdir: elsewhere', 'tree/src/a.ts': '' })
  expect(findWorkspaceRoot(join(dir, 'tree/src'))).toBe(join(dir, 'tree'))
})

test('without a workspace the repository is the root', () => {
  const repo = dirWith({ '.git/HEAD': '', 'package.json': '{}', 'app/package.json': '{}' })
  expect(findWorkspaceRoot(join(repo, 'app'))).toBe(repo)
})

test('without a repository the workspace is the root', () => {
  const dir = dirWith({ 'package.json': WORKSPACE, 'app/package.json': '{}' })
  expect(findWorkspaceRoot(join(dir, 'app'))).toBe(dir)
})

test('without either the directory itself is the root', () => {
  const dir = dirWith({ 'app/package.json': '{}' })
  expect(findWorkspaceRoot(join(dir, 'app'))).toBe(join(dir, 'app'))
})

test.each(['', '{', 'null', '[]', '"workspaces"'])('a package.json like %j is passed over', (text) => {
  const repo = dirWith({ '.git/HEAD': '', 'app/package.json': text })
  expect(findWorkspaceRoot(join(repo, 'app'))).toBe(repo)
})

test('a directory that does not exist is no error', () => {
  const dir = dirWith({ '.git/HEAD': '' })
  expect(findWorkspaceRoot(join(dir, 'not/there'))).toBe(dir)
})
