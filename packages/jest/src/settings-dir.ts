import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'

const PREFIX = 'heddle-jest-'

/**
 * A new directory for what the workers of a run are told, which only this user can read. What runs left behind that were
 * killed is removed.
 *
 * @param parent where such directories are
 */
export function createSettingsDir(parent = tmpdir()): string {
  const prefix = `${PREFIX}${realm()}-`
  removeStaleDirs(parent, prefix)
  return mkdtempSync(join(parent, `${prefix}${process.pid}-`))
}

/** It is not worth an error if that fails. */
export function removeSettingsDir(dir: string): void {
  try {
    rmSync(dir, { recursive: true, force: true })
  } catch {
    // A later run tries again.
  }
}

function removeStaleDirs(parent: string, prefix: string): void {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix)) continue
    const pid = Number.parseInt(name.slice(prefix.length), 10)
    if (pid > 0 && !isRunning(pid)) removeSettingsDir(join(parent, name))
  }
}

/** Where a process id means the same process: containers can share a directory. */
function realm(): string {
  return createHash('sha1')
    .update(JSON.stringify([hostname(), pidNamespace()]))
    .digest('hex')
    .slice(0, 8)
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return '' // Not Linux.
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
