import type { WorkerDatabase } from '../postgres/database-source.js'
import type { OpenTransaction } from '../postgres/reset/reset.js'
import { Session } from '../postgres/session.js'
import { PgliteProcess } from './pglite-process.js'

/** What one database is made from. */
export interface PgliteDatabaseSetup {
  /** Of PGlite, to be loaded by `require`. */
  readonly file: string
  readonly dump: string
  readonly name: string
  /** Of the resource, for messages. */
  readonly resource: string
}

/** A database that is a process. */
export class PgliteDatabase implements WorkerDatabase {
  readonly name: string
  readonly url: string
  readonly session: Session
  readonly #setup: PgliteDatabaseSetup
  #process: PgliteProcess

  private constructor(setup: PgliteDatabaseSetup, started: PgliteProcess, session: Session) {
    this.name = setup.name
    this.url = started.url
    this.session = session
    this.#setup = setup
    this.#process = started
  }

  static async open(setup: PgliteDatabaseSetup): Promise<PgliteDatabase> {
    const started = await PgliteProcess.start({ file: setup.file, dump: setup.dump, port: 0 })
    try {
      return new PgliteDatabase(setup, started, await Session.open({ name: setup.resource, url: started.url }))
    } catch (error) {
      await started.close()
      throw error
    }
  }

  /** A new process at the same port: what an old one has used of memory it never gives back. */
  async recreate(): Promise<void> {
    const { file, dump } = this.#setup
    const { port } = this.#process
    await this.session.disconnect()
    await this.#process.close()
    this.#process = await PgliteProcess.start({ file, dump, port })
  }

  endOpenTransactions(): Promise<readonly OpenTransaction[]> {
    return this.#process.endOpenTransactions()
  }

  /** It goes with its process. */
  async keepCopy(): Promise<undefined> {
    return undefined
  }

  async drop(): Promise<void> {
    await this.session.close()
    await this.#process.close()
  }
}
