import { openAsBlob } from 'node:fs'
import { createRequire } from 'node:module'
import type * as PgliteModule from '@electric-sql/pglite'
import type { Extension, PGlite } from '@electric-sql/pglite'

/** What an instance is opened with. Plain data. */
export interface PgliteSetup {
  /** Of PGlite, to be loaded by `require`. */
  readonly file: string
  /** From what it starts; an empty database otherwise. */
  readonly dump?: string | undefined
  /** Files of modules by the name that they export an extension under. */
  readonly extensions?: Readonly<Record<string, string>> | undefined
}

/** Opens an instance in memory. */
export async function loadPglite({ file, dump, extensions = {} }: PgliteSetup): Promise<PGlite> {
  const { PGlite: Pglite } = createRequire(file)(file) as typeof PgliteModule
  const loaded = Object.entries(extensions).map(([name, path]) => [name, extensionIn(path, name)] as const)
  return Pglite.create({
    extensions: Object.fromEntries(loaded),
    ...(dump === undefined ? {} : { loadDataDir: await openAsBlob(dump) }),
  })
}

function extensionIn(path: string, name: string): Extension {
  const module = createRequire(path)(path) as Readonly<Record<string, Extension | undefined>>
  const extension = module[name]
  if (extension === undefined) throw new Error(`${path} exports no extension "${name}"`)
  return extension
}
