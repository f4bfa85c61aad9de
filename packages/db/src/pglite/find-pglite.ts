import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** A PGlite that is installed. */
export interface InstalledPglite {
  /** To be loaded by `require`. */
  readonly file: string
  readonly version: string
}

/** That of the project, else the one beside heddle. Undefined if there is none. */
export function findPglite(root: string): InstalledPglite | undefined {
  for (const from of [join(root, 'package.json'), __filename]) {
    try {
      const file = createRequire(from).resolve('@electric-sql/pglite')
      return { file, version: versionOf(dirname(dirname(file))) }
    } catch {
      // Perhaps at the next place.
    }
  }
  return undefined
}

function versionOf(dir: string): string {
  const { version } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as { readonly version: string }
  return version
}
