import {
  codeOf,
  reasonOf,
  type EndedTest,
  type InstanceRequest,
  type ResetReport,
  type ResourceContext,
  type TestReport,
} from '@heddle/core'
import type { WorkerDatabase } from './database-source.js'
import { endLeftOpen } from './left-open.js'
import { openSource, type OpenedSource } from './open-source.js'
import { resetDatabase } from './reset/reset.js'
import type { ResolvedPostgresOptions } from './resolve-postgres-options.js'
import type { SqlClient } from './sql-client.js'

/** What a worker or a test has. */
export interface PostgresInstance {
  readonly database: WorkerDatabase
  readonly slot: number
  /** What tests do in heddle's own session, through the handle. */
  isSessionUsed: boolean
  lastTest: string | undefined
}

/** What all workers of a run use. */
export class OpenPostgres {
  readonly #context: ResourceContext
  readonly #keepsFailed: boolean
  readonly #opened: OpenedSource

  constructor(context: ResourceContext, keepsFailed: boolean, opened: OpenedSource) {
    this.#context = context
    this.#keepsFailed = keepsFailed
    this.#opened = opened
  }

  async create({ slot, lifetime, number }: InstanceRequest): Promise<PostgresInstance> {
    const database = await this.#opened.source.create({ slot, lifetime, number })
    return { database, slot, isSessionUsed: false, lastTest: undefined }
  }

  async reset(instance: PostgresInstance): Promise<ResetReport> {
    const { database, lastTest } = instance
    await tidySession(instance)
    const { cleaned, isSchemaChanged } = await (database.reset?.() ?? resetDatabase(database.session))
    if (!isSchemaChanged) return { cleaned }
    const startedAt = performance.now()
    await database.recreate()
    const ms = Math.round(performance.now() - startedAt)
    const by = lastTest === undefined ? 'something before the first test' : `"${lastTest}"`
    const notice = `${by} changed the schema, so the database was made anew, which took ${ms} ms; perTest: 'clone' is meant for such tests`
    return { cleaned, notice }
  }

  async afterTest(instance: PostgresInstance, { test, hasFailed, isShared = false }: EndedTest): Promise<TestReport> {
    instance.lastTest = test
    const left = isShared ? [] : await endAll(instance)
    // Last, for what was open may have locked what is copied.
    const kept = hasFailed && this.#keepsFailed ? await this.#keepCopy(instance, test) : []
    return { left, kept }
  }

  async destroy({ database }: PostgresInstance): Promise<void> {
    await database.drop()
  }

  async stop(): Promise<void> {
    await this.#opened.close()
  }

  /** Costs a line if it fails: the failure of the test is what counts. */
  async #keepCopy({ database }: PostgresInstance, test: string): Promise<string[]> {
    try {
      const url = await database.keepCopy(test)
      return url === undefined ? [] : [url]
    } catch (error) {
      this.#context.print(`resource "${this.#context.name}": no copy of ${database.name} was kept: ${reasonOf(error)}`)
      return []
    }
  }
}

/** See {@link import('./index.js').postgres}. */
export async function openPostgres(context: ResourceContext, options: ResolvedPostgresOptions): Promise<OpenPostgres> {
  const keepsFailed = options.keepFailed ?? !isCi(context.env)
  return new OpenPostgres(context, keepsFailed, await openSource(context, options))
}

/** Transactions that were left open, in whichever session. @returns for people: what they are */
async function endAll(instance: PostgresInstance): Promise<string[]> {
  const { database } = instance
  const endOwn = (): Promise<string[]> => tidySession(instance)
  const endOthers = (): Promise<string[]> => endLeftOpen(database)
  // On a server, what heddle's own session left is in the way of asking for others; where all share one, it is the other way.
  const steps = database.endOpenTransactions === undefined ? [endOwn, endOthers] : [endOthers, endOwn]
  const left: string[] = []
  for (const step of steps) left.push(...(await step()))
  return left
}

/** Not what heddle has prepared itself, nor, where all share one session, what the code under test has (see wire-connection.ts). */
const DEALLOCATE = `do $$ declare it text; begin
  for it in select name from pg_prepared_statements where name !~ '^(heddle|c[0-9]+)_' loop execute format('deallocate %I', it); end loop;
end $$`
const TIDY = `rollback; close all; reset all; reset session authorization; discard temp; discard sequences; unlisten *; ${DEALLOCATE}`

/** Everything that tests left in heddle's own session: settings, locks, temporary tables, cursors … */
async function tidySession(instance: PostgresInstance): Promise<string[]> {
  if (!instance.isSessionUsed) return []
  instance.isSessionUsed = false
  const { session } = instance.database
  const isOpen = await isInTransaction(session)
  await session.query(TIDY)
  await session.query('select pg_advisory_unlock_all()')
  return isOpen ? ['a transaction was left open through query(): add the commit or rollback that is missing'] : []
}

async function isInTransaction(session: SqlClient): Promise<boolean> {
  try {
    const { rows } = await session.query<{ open: boolean }>('select now() <> statement_timestamp() as open')
    return rows[0]?.open === true
  } catch (error) {
    // One that has failed takes no statements any more.
    if (codeOf(error) === '25P02') return true
    throw error
  }
}

function isCi(env: Readonly<NodeJS.ProcessEnv>): boolean {
  const { CI } = env
  return CI !== undefined && CI !== '' && CI !== 'false' && CI !== '0'
}
