import type { ResourceContext } from '@heddle/core'
import type { DatabaseRequest, DatabaseSource, WorkerDatabase } from '../postgres/database-source.js'
import { findPglite } from './find-pglite.js'
import { PgliteDatabase } from './pglite-database.js'
import { ensureDump } from './pglite-dump.js'
import { PgliteProcess } from './pglite-process.js'

/** What every database starts with. */
export interface PgliteRecipe {
  /** Of everything that makes a difference: letters and digits. */
  readonly hash: string
  /** Migrates, seeds and prepares the empty database. */
  readonly fill: (url: string) => Promise<void>
}

/**
 * Databases without a server: each is a process with PGlite in it, reached like a server.
 *
 * @returns undefined if PGlite is not installed
 * @throws HeddleError `HEDDLE_RESOURCE_FAILED`, and what `fill` throws
 */
export async function openPgliteSource(
  context: ResourceContext,
  { hash, fill }: PgliteRecipe,
): Promise<DatabaseSource | undefined> {
  const pglite = findPglite(context.root)
  if (pglite === undefined) return undefined
  const { file, version } = pglite
  const write = async (to: string): Promise<void> => {
    const made = await PgliteProcess.start({ file, port: 0 })
    try {
      await fill(made.url)
      await made.dump(to)
    } finally {
      await made.close()
    }
  }
  const dump = await ensureDump(context, { hash, version, write })
  return new PgliteSource({ file, dump, name: context.name, words: `PGlite ${version}` })
}

interface SourceSetup {
  readonly file: string
  readonly dump: string
  /** Of the resource. */
  readonly name: string
  readonly words: string
}

class PgliteSource implements DatabaseSource {
  readonly words: string
  readonly #setup: SourceSetup
  readonly #open = new Set<PgliteDatabase>()

  constructor(setup: SourceSetup) {
    this.#setup = setup
    this.words = setup.words
  }

  async create({ slot, lifetime, number }: DatabaseRequest): Promise<WorkerDatabase> {
    const name = lifetime === 'worker' ? `pglite_w${slot}` : `pglite_t${number}`
    const database = await PgliteDatabase.open({ ...this.#setup, name, resource: this.#setup.name })
    this.#open.add(database)
    return database
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#open, (database) => database.drop()))
    this.#open.clear()
  }
}
