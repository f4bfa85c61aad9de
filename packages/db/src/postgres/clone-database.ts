import type { WorkerDatabase } from './database-source.js'
import type { Session } from './session.js'

/** What a clone does with what it is made of. */
export interface CloneSteps {
  /** From the template again; nobody is connected meanwhile. */
  readonly recreate: () => Promise<void>
  readonly keepCopy: (test: string) => Promise<string | undefined>
  /** Nothing of it is used any more. */
  readonly release: () => Promise<void>
}

/** A clone of the template, with heddle's session in it. */
export class CloneDatabase implements WorkerDatabase {
  readonly name: string
  readonly url: string
  readonly session: Session
  readonly #steps: CloneSteps

  constructor(at: { readonly name: string; readonly url: string; readonly session: Session }, steps: CloneSteps) {
    this.name = at.name
    this.url = at.url
    this.session = at.session
    this.#steps = steps
  }

  /** The session connects again with its next query. */
  async recreate(): Promise<void> {
    await this.session.disconnect()
    await this.#steps.recreate()
  }

  keepCopy(test: string): Promise<string | undefined> {
    return this.#steps.keepCopy(test)
  }

  async drop(): Promise<void> {
    await this.session.close()
    await this.#steps.release()
  }
}
