import { createCode } from '../copy-template.js'
import type { MysqlSession } from '../mysql-session.js'
import { quoteBackticked as quote } from '../../common/quote.js'
import { isVersioned, withoutCounter, type TemplateShape } from '../template-shape.js'
import type { OpenTransaction } from './open-transactions.js'
import { probe, probeQueries, type Probe, type ProbeTarget } from './probe.js'
import { planReset, type ResetPlan } from './reset-plan.js'

/** What a reset did. */
export interface ResetOutcome {
  readonly cleaned: readonly string[]
  /** Tables, views, routines … are other than in the template: then the database is to be made anew. */
  readonly isSchemaChanged: boolean
  /** Connections that were ended because they held what had to be cleaned. */
  readonly ended: readonly number[]
}

const CHANGED: ResetOutcome = { cleaned: [], isSchemaChanged: true, ended: [] }

/** Cleans one copy of a template, over and over. */
export class MysqlReset {
  readonly #session: MysqlSession
  readonly #shape: TemplateShape
  readonly #queries: string
  /** What SHOW CREATE tells of each table of a copy, without counters. */
  readonly #creates: ReadonlyMap<string, string>
  readonly #trustsTimes: boolean
  readonly #code: string
  /** When each table was altered last, as of the newest look at it, and the second of that look. */
  #created: ReadonlyMap<string, string>
  #seenAt: string

  private constructor(session: MysqlSession, target: ProbeTarget, first: Probe) {
    this.#session = session
    this.#shape = target.shape
    this.#queries = probeQueries(target)
    const own = `${quote(target.shape.database)}.`
    this.#creates = new Map(
      target.shape.tables.map(({ name, create }) => [name, withoutCounter(create.replaceAll(own, ''))]),
    )
    this.#trustsTimes = target.trustsTimes
    this.#code = first.code
    this.#created = first.created
    this.#seenAt = first.now
  }

  /** @param session in a database that was copied from the template just now, and stays open */
  static async open(session: MysqlSession, target: ProbeTarget): Promise<MysqlReset> {
    const first = await probe(session, probeQueries(target), target.shape)
    if (first === undefined) throw new Error('the copy has not the tables of the template')
    return new MysqlReset(session, target, first)
  }

  async reset(): Promise<ResetOutcome> {
    let found = await probe(this.#session, this.#queries, this.#shape)
    const ended = (found?.open ?? []).map(({ threadId }) => threadId)
    if (ended.length > 0) {
      await this.#end(ended)
      found = await probe(this.#session, this.#queries, this.#shape)
    }
    if (found === undefined || (await this.#isSchemaChanged(found))) return { ...CHANGED, ended }
    const plan = planReset(this.#shape, found)
    const held = plan.statements.length === 0 ? [] : await this.#clean(plan)
    return { cleaned: plan.cleaned, isSchemaChanged: false, ended: [...ended, ...held] }
  }

  /** Those that go on. What ends by itself within a moment is not left open. */
  async findOpen(): Promise<readonly OpenTransaction[]> {
    let open = await this.#open()
    for (let i = 0; i < 4 && open.length > 0; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      const now = new Set((await this.#open()).map(({ id }) => id))
      open = open.filter(({ id }) => now.has(id))
    }
    return open
  }

  async #open(): Promise<readonly OpenTransaction[]> {
    const found = await probe(this.#session, this.#queries.split(';\n', 2).join(';\n'), {
      ...this.#shape,
      tables: [],
      sequences: [],
    })
    return found?.open ?? []
  }

  async #clean(plan: ResetPlan): Promise<readonly number[]> {
    try {
      await this.#apply(plan)
      return []
    } catch (error) {
      if ((error as { readonly code?: unknown }).code !== 'ER_LOCK_WAIT_TIMEOUT') throw error
      const others = await this.#session.rows(
        'SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()',
      )
      const ids = others.map(({ id }) => Number(id))
      await this.#end(ids)
      await this.#apply(plan)
      return ids
    }
  }

  async #apply({ statements, triggers }: ResetPlan): Promise<void> {
    const guarded = ['SET SESSION foreign_key_checks = 0', ...statements, 'SET SESSION foreign_key_checks = 1']
    await this.#session.script(guarded.join(';\n'))
    if (triggers.length > 0) await createCode(this.#session, triggers)
  }

  async #end(ids: readonly number[]): Promise<void> {
    // One that has gone by itself is no failure.
    for (const id of ids) await this.#session.rows(`KILL ${id}`).catch(() => undefined)
  }

  /** A table whose time is not that of the last look, or whose second was not over then, is compared as a text. */
  async #isSchemaChanged({ code, created, now }: Probe): Promise<boolean> {
    if (code !== this.#code || created.size !== this.#created.size) return true
    const names = [...this.#creates.keys()]
    if (names.some((name) => !created.has(name))) return true
    const suspects = names.filter((name) => this.#isSuspect(name, created.get(name)))
    if (suspects.length > 0 && !(await this.#areAsCreated(suspects))) return true
    this.#created = created
    this.#seenAt = now
    return false
  }

  #isSuspect(name: string, created: string | undefined): boolean {
    const time = created?.replace(/^\D*/, '') ?? ''
    return !this.#trustsTimes || created !== this.#created.get(name) || time === '' || time >= this.#seenAt
  }

  async #areAsCreated(names: readonly string[]): Promise<boolean> {
    const shown = await this.#session.script(names.map((name) => `SHOW CREATE TABLE ${quote(name)}`).join(';\n'))
    return names.every((name, i) => withoutCounter(String(shown[i]?.[0]?.['Create Table'])) === this.#creates.get(name))
  }
}

/** Tables that cannot be cleaned in place. */
export function unresettable(shape: TemplateShape): readonly string[] {
  return shape.tables.filter(isVersioned).map(({ name }) => name)
}
