import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** A line of `pg-symlinks.json`, relative to the package. */
interface LibraryLink {
  readonly source: string
  readonly target: string
}

/**
 * npm packages have no symbolic links: an install script makes those that the libraries are found by. Where such scripts are
 * not run they are made here, in a directory of ours, because the package is not ours to change.
 *
 * @param native of the package
 * @param base where directories of ours are
 * @returns for `LD_LIBRARY_PATH`; undefined if the package does not tell what they are
 */
export function libraryPathOf(native: string, base: string): string | undefined {
  const links = readLinks(native)
  if (links === undefined) return undefined
  const key = createHash('sha256')
    .update(JSON.stringify([native, links]))
    .digest('hex')
    .slice(0, 10)
  const dir = join(base, `libraries-${key}`)
  if (!existsSync(dir)) createLinks(links, native, dir)
  return `${dir}:${join(native, 'lib')}`
}

function readLinks(native: string): readonly LibraryLink[] | undefined {
  try {
    return JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as readonly LibraryLink[]
  } catch {
    return undefined
  }
}

/** Under its name only when it is complete: others may look at any time. */
function createLinks(links: readonly LibraryLink[], native: string, dir: string): void {
  const draft = `${dir}.${process.pid}`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { mode: 0o755 })
  for (const { source, target } of links) symlinkSync(join(dirname(native), source), join(draft, basename(target)))
  try {
    renameSync(draft, dir)
  } catch {
    // Somebody else was faster, and made the same.
    rmSync(draft, { recursive: true, force: true })
  }
}
