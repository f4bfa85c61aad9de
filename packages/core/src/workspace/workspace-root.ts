import { dirname, join, resolve } from 'node:path'
import { existsSync, readFileSync } from '../leases/captured.js'

/**
 * The directory that all paths in the history are relative to and that holds `.heddle/`: the outermost
 * package-manager workspace around `from` (package.json with `workspaces`, pnpm-workspace.yaml) inside the
 * git repository; without one the repository itself; without one `from`.
 *
 * @example
 * findWorkspaceRoot('/repo/packages/api') // '/repo'
 */
export function findWorkspaceRoot(from: string): string {
  const start = resolve(from)
  let workspace: string | undefined
  for (const dir of selfAndParents(start)) {
    if (isWorkspace(dir)) workspace = dir
    if (existsSync(join(dir, '.git'))) return workspace ?? dir
  }
  return workspace ?? start
}

function* selfAndParents(start: string): Generator<string> {
  for (let dir = start; ; dir = dirname(dir)) {
    yield dir
    if (dir === dirname(dir)) return
  }
}

function isWorkspace(dir: string): boolean {
  if (existsSync(join(dir, 'pnpm-workspace.yaml'))) return true
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'))
    return typeof manifest === 'object' && manifest !== null && 'workspaces' in manifest
  } catch {
    return false // No package.json here, or one that is not ours to complain about.
  }
}
