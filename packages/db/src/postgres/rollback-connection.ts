import { EventEmitter } from 'node:events'
import { callbackify } from 'node:util'
import { HeddleError } from '@heddle/core'
import type { QueryConfig, QueryResult } from 'pg'
import { hidesTransactionCommand, transactionCommandOf, type TransactionCommand } from './rollback-command.js'
import {
  commandResult,
  isSubmittable,
  queryOf,
  stateError,
  type QueryCallback,
  type RollbackQuery,
  type Submittable,
} from './rollback-query.js'
import type { RollbackSession } from './rollback-session.js'

/**
 * What the code under test takes for a connection: a client of `pg`, in whose transactions COMMIT commits nothing.
 */
export class RollbackConnection extends EventEmitter {
  readonly #session: RollbackSession
  #isOpen = false
  #hasFailed = false
  #savepoints: string[] = []
  #epoch = 0

  constructor(session: RollbackSession) {
    super()
    this.#session = session
  }

  query<Row extends object = Record<string, unknown>>(
    config: string | QueryConfig,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row & Record<string, unknown>>>
  query<Query extends Submittable>(query: Query): Query
  query(config: string | QueryConfig, callback: QueryCallback): void
  query(config: string | QueryConfig, values: readonly unknown[], callback: QueryCallback): void
  query(
    config: string | QueryConfig | Submittable,
    second?: readonly unknown[] | QueryCallback,
    third?: QueryCallback,
  ): unknown {
    const query = queryOf(config, second, third)
    const result = this.#run(query)
    if (isSubmittable(config)) {
      result.catch(() => {})
      return config
    }
    const { callback } = query
    if (callback === undefined) return result
    // Outside of the promise: what a callback throws is nobody's rejection.
    callbackify(() => result)((error, value) => callback(error ?? undefined, value))
    return undefined
  }

  /** Types of columns are read as `pg` is told for all clients. */
  getTypeParser(...args: Parameters<RollbackSession['client']['getTypeParser']>): unknown {
    return this.#session.client.getTypeParser(...args)
  }

  setTypeParser(...args: Parameters<RollbackSession['client']['setTypeParser']>): void {
    this.#session.client.setTypeParser(...args)
  }

  escapeIdentifier(text: string): string {
    return this.#session.client.escapeIdentifier(text)
  }

  escapeLiteral(text: string): string {
    return this.#session.client.escapeLiteral(text)
  }

  async #run(query: RollbackQuery): Promise<QueryResult> {
    this.#forgetEarlierTest()
    const command = transactionCommandOf(query.text)
    if (command !== undefined) return this.#obey(command)
    if (hidesTransactionCommand(query.text)) throw hidden(query.text)
    if (this.#hasFailed) throw aborted()
    try {
      return await this.#session.guarded(query)
    } catch (error) {
      this.#hasFailed = this.#isOpen
      throw error
    }
  }

  #forgetEarlierTest(): void {
    if (this.#epoch === this.#session.epoch) return
    this.#epoch = this.#session.epoch
    this.#isOpen = false
    this.#hasFailed = false
    this.#savepoints = []
  }

  async #obey(command: TransactionCommand): Promise<QueryResult> {
    if ('name' in command) return this.#obeySavepoint(command.kind, command.name)
    if (command.kind === 'commit') return this.#end(!this.#hasFailed)
    if (command.kind === 'rollback') return this.#end(false)
    if (command.kind === 'characteristics') return commandResult('SET')
    if (!this.#isOpen) await this.#session.beginNested(this)
    this.#isOpen = true
    return commandResult('BEGIN')
  }

  async #end(isCommit: boolean): Promise<QueryResult> {
    const command = commandResult(isCommit ? 'COMMIT' : 'ROLLBACK')
    if (!this.#isOpen) return command
    this.#isOpen = false
    this.#hasFailed = false
    this.#savepoints = []
    await (isCommit ? this.#session.commitNested() : this.#session.rollbackNested())
    return command
  }

  async #obeySavepoint(kind: 'savepoint' | 'release' | 'rollbackTo', name: string): Promise<QueryResult> {
    if (!this.#isOpen) throw stateError('25P01', 'SAVEPOINT can only be used in transaction blocks')
    if (this.#hasFailed && kind !== 'rollbackTo') throw aborted()
    if (kind === 'savepoint') {
      await this.#session.command(`SAVEPOINT ${name}`)
      this.#savepoints.push(name)
      return commandResult('SAVEPOINT')
    }
    const at = this.#savepoints.lastIndexOf(name)
    if (at < 0) {
      this.#hasFailed = true
      throw stateError('3B001', `savepoint "${name}" does not exist`)
    }
    await this.#session.command(`${kind === 'release' ? 'RELEASE' : 'ROLLBACK TO'} SAVEPOINT ${name}`)
    this.#savepoints.length = kind === 'release' ? at : at + 1
    this.#hasFailed = false
    return commandResult(kind === 'release' ? 'RELEASE' : 'ROLLBACK')
  }
}

function aborted(): Error {
  return stateError('25P02', 'current transaction is aborted, commands ignored until end of transaction block')
}

function hidden(text: string): HeddleError {
  return new HeddleError('HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot run "${text.trim().slice(0, 80)}": with perTest "rollback", commands about transactions come one by one`,
    fix: `give each to a query of its own, or use perTest: 'reset'.`,
  })
}
