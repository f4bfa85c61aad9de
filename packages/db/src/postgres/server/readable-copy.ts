import { createHash } from 'node:crypto'
import { chmodSync, existsSync, statSync } from 'node:fs'
import { cp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Binaries in a place that the server's user can read: a project may be below a home directory that is closed to all others.
 *
 * @param native directory with `bin`, `lib` and `share`
 * @param base where directories of ours are
 * @returns the copy
 */
export async function readableCopyOf(native: string, base: string): Promise<string> {
  const key = createHash('sha256')
    .update(JSON.stringify([native, statSync(join(native, 'bin')).mtimeMs]))
    .digest('hex')
    .slice(0, 10)
  const dir = join(base, `binaries-${key}`)
  if (existsSync(dir)) return join(dir, 'native')
  const draft = `${dir}.${process.pid}`
  await rm(draft, { recursive: true, force: true })
  await cp(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
  chmodSync(draft, 0o755)
  // Somebody else may have been faster, and made the same.
  await rename(draft, dir).catch(() => rm(draft, { recursive: true, force: true }))
  return join(dir, 'native')
}
