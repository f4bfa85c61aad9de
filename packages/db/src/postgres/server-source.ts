import { codeOf } from '@heddle/core'
import { newMarker, type Maker, type Marker } from '../common/marker.js'
import { keptName, slotName, templateName, testName, workerName, type DatabaseKind } from '../common/names.js'
import { quoteIdentifier } from '../common/quote.js'
import { createDatabase, dropDatabase, setMarker, type NewDatabase } from './change-databases.js'
import { CloneDatabase, type CloneSteps } from './clone-database.js'
import { copyRows } from './copy-rows.js'
import type { DatabaseRequest, DatabaseSource, WorkerDatabase } from './database-source.js'
import { withDatabase } from './database-url.js'
import { isUntouched } from './is-untouched.js'
import { leaseSlot } from './lease-slot.js'
import { lockKey } from './lock-key.js'
import type { Maintenance } from './maintenance.js'
import { Session } from './session.js'
import type { SqlClient } from './sql-client.js'
import { ensureTemplate, type Template, type TemplatePlace } from './template.js'
import type { TemplateRecipe } from './template-recipe.js'

/** What a source on a server is opened with. */
export interface ServerSourceSetup {
  readonly words: string
  /** As the code under test is to use it, with any database. */
  readonly url: string
  readonly maintenance: Maintenance
  readonly recipe: TemplateRecipe
  readonly maker: Maker
  /** Which resource of which project. */
  readonly owner: string
  /** How many workers the run has at most. */
  readonly slots: number
  readonly signal: AbortSignal
}

/** A clone that is to be made. */
export interface CloneRequest {
  readonly kind: Exclude<DatabaseKind, 'template'>
  readonly name: string
  readonly more: Pick<Marker, 'slot' | 'test'>
}

const MISSING = '3D000'
const MAX_KEPT = 5
/** More than a run has tests. */
const FIRST_DRAFT = 900_000_000

/**
 * Clones of a template on a server. Where a clone is dear, because the server waits for its disk, those of workers are kept from
 * run to run: see lease-slot.ts.
 */
export class ServerSource implements DatabaseSource {
  readonly words: string
  readonly #setup: ServerSourceSetup
  #template: Template
  #keptCount = 0

  private constructor(setup: ServerSourceSetup, template: Template) {
    this.#setup = setup
    this.#template = template
    this.words = setup.words
  }

  /** Makes the template, unless it is there. */
  static async open(setup: ServerSourceSetup): Promise<ServerSource> {
    await setup.maintenance.locks.tryLock(lockKey('use', setup.recipe.hash), 'shared')
    return new ServerSource(setup, await ensureTemplate(setup.recipe, placeOf(setup)))
  }

  create({ lifetime, slot, number }: DatabaseRequest): Promise<WorkerDatabase> {
    const { maintenance, maker, recipe, slots } = this.#setup
    const more = { slot }
    if (lifetime === 'test') return this.#openClone({ kind: 'test', name: testName(maker.run, number), more })
    if (!maintenance.facts.isFsyncOn)
      return this.#openClone({ kind: 'worker', name: workerName(maker.run, slot), more })
    return leaseSlot(maintenance, {
      limit: slots,
      nameOf: (free) => slotName(recipe.hash, free),
      markerOf: () => this.#markerOf({ kind: 'slot', name: '', more }),
      make: (name) => this.#remake({ kind: 'slot', name, more }),
      open: (name, steps) => this.#open(name, steps),
    })
  }

  /** Whether there are copies for people to look at. */
  get hasKept(): boolean {
    return this.#keptCount > 0
  }

  /** Whoever has opened the server closes it, and what is made there goes with those that use it. */
  async close(): Promise<void> {}

  async #openClone(clone: CloneRequest): Promise<WorkerDatabase> {
    await this.#make(clone)
    const release = async (): Promise<void> => {
      await dropDatabase(this.#admin, clone.name)
    }
    return this.#open(clone.name, { recreate: () => this.#remake(clone), release })
  }

  async #open(name: string, steps: Omit<CloneSteps, 'keepCopy'>): Promise<WorkerDatabase> {
    const session = await this.#openSession(name)
    const keepCopy = (test: string): Promise<string | undefined> => this.#keepCopy(session, test)
    return new CloneDatabase({ name, url: withDatabase(this.#setup.url, name), session }, { ...steps, keepCopy })
  }

  #openSession(name: string): Promise<Session> {
    const { recipe, maintenance } = this.#setup
    const url = withDatabase(maintenance.url, name)
    return Session.open({ name: recipe.name, url, ...(recipe.role !== undefined && { onConnect: becomeOwner }) })
  }

  async #keepCopy(from: SqlClient, test: string): Promise<string | undefined> {
    if (this.#keptCount >= MAX_KEPT || (await isUntouched(from))) return undefined
    this.#keptCount += 1
    const { run } = this.#setup.maker
    const name = keptName(run, this.#keptCount)
    // Whole or not at all: until it is whole, it goes with the run if that is killed.
    const draft = testName(run, FIRST_DRAFT + this.#keptCount)
    await this.#make({ kind: 'test', name: draft, more: { test } })
    if (await this.#fillCopy(from, draft)) {
      await this.#admin.query(`alter database ${quoteIdentifier(draft)} rename to ${quoteIdentifier(name)}`)
      await setMarker(this.#admin, name, this.#markerOf({ kind: 'kept', name, more: { test } }))
      return withDatabase(this.#setup.url, name)
    }
    await dropDatabase(this.#admin, draft)
    this.#keptCount -= 1
    return undefined
  }

  /** @returns whether there is anything in it that is not in the template */
  async #fillCopy(from: SqlClient, name: string): Promise<boolean> {
    const to = await this.#openSession(name)
    try {
      return (await copyRows(from, to)) > 0
    } catch (error) {
      await to.close()
      await dropDatabase(this.#admin, name)
      throw error
    } finally {
      await to.close()
    }
  }

  async #remake(clone: CloneRequest): Promise<void> {
    await dropDatabase(this.#admin, clone.name)
    await this.#make(clone)
  }

  async #make(clone: CloneRequest): Promise<void> {
    try {
      await this.#clone(clone)
    } catch (error) {
      if (codeOf(error) !== MISSING) throw error
      // Somebody is making the template anew.
      this.#template = await ensureTemplate(this.#setup.recipe, placeOf(this.#setup))
      await this.#clone(clone)
    }
  }

  async #clone(clone: CloneRequest): Promise<void> {
    const { recipe, maintenance } = this.#setup
    const { role, hash } = recipe
    const database: NewDatabase = {
      name: clone.name,
      template: templateName(hash),
      marker: this.#markerOf(clone),
      role,
    }
    await createDatabase(this.#admin, database, maintenance.facts)
  }

  #markerOf({ kind, more }: CloneRequest): Marker {
    const { maker, owner } = this.#setup
    return newMarker(kind, maker, { owner, template: this.#template.id, usedAt: new Date().toISOString(), ...more })
  }

  get #admin(): SqlClient {
    return this.#setup.maintenance.admin
  }
}

function placeOf({ maintenance, maker, owner, signal }: ServerSourceSetup): TemplatePlace {
  const { url, admin, facts } = maintenance
  return { url, admin, copy: facts, maker, owner, signal }
}

/** The database makes everybody the role that the code under test has. */
async function becomeOwner(client: SqlClient): Promise<void> {
  await client.query('set role none')
}
