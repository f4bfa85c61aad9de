import { dirname, join, resolve } from 'node:path'
import { readFileSync, realpathSync, statSync } from '../leases/captured.js'
import { findWorkspaceRoot } from './workspace-root.js'

/**
 * What all packages and all git worktrees around `from` have in common: the real path of the repository's own directory;
 * without a repository, that of the workspace.
 *
 * @example
 * findGitCommonDir('/repo/packages/api') // '/repo/.git', also for a worktree of it elsewhere
 */
export function findGitCommonDir(from: string): string {
  for (let dir = resolve(from); ; dir = dirname(dir)) {
    const found = commonDirAt(join(dir, '.git'))
    if (found !== undefined) return realPathOf(found)
    if (dir === dirname(dir)) return realPathOf(findWorkspaceRoot(from))
  }
}

/** `.git` is a directory, or in worktrees and submodules a file that names one; a worktree's names the shared one in turn. */
function commonDirAt(path: string): string | undefined {
  const kind = statSync(path, { throwIfNoEntry: false })
  if (kind === undefined) return undefined
  if (kind.isDirectory()) return path
  const own = /^gitdir: (.+)$/m.exec(readText(path))?.[1]?.trim()
  if (own === undefined) return undefined
  const gitDir = resolve(dirname(path), own)
  const common = readText(join(gitDir, 'commondir')).trim()
  return common === '' ? gitDir : resolve(gitDir, common)
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function realPathOf(path: string): string {
  try {
    return realpathSync.native(path)
  } catch {
    return resolve(path)
  }
}
