import { createRequire } from 'node:module'
import { openAsBlob } from 'node:fs'
import type * as PgliteModule from '@electric-sql/pglite'
import type { Extensions, PGlite } from '@electric-sql/pglite'

/** What an instance is opened with. */
export interface PgliteSetup {
  /** Of PGlite, to be loaded by `require`. */
  readonly file: string
  /** From what it starts; an empty database otherwise. */
  readonly dump?: string | undefined
  readonly extensions?: Extensions | undefined
}

/** Opens an instance in memory. */
export async function loadPglite({ file, dump, extensions = {} }: PgliteSetup): Promise<PGlite> {
  const { PGlite: Pglite } = createRequire(file)(file) as typeof PgliteModule
  return Pglite.create({ extensions, ...(dump === undefined ? {} : { loadDataDir: await openAsBlob(dump) }) })
}
