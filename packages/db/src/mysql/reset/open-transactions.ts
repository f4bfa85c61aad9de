import type { Row } from '../mysql-session.js'

/** A transaction that somebody has left open. */
export interface OpenTransaction {
  /** Of the transaction: another one has another. */
  readonly id: string
  /** Of the connection. */
  readonly threadId: number
  /** For people: what it has done, and what it does now. */
  readonly words: string
}

/**
 * Those of the sessions, from what InnoDB tells of itself. `information_schema.INNODB_TRX` is no use: it is a cache that is
 * renewed only when nobody has read it for 100 ms.
 *
 * @param sessions of one database: `id`, `command`, `seconds`, `query`
 */
export function parseTransactions(status: string, sessions: readonly Row[]): readonly OpenTransaction[] {
  const byId = new Map(sessions.map((session) => [Number(session['id']), session]))
  return status
    .split('---TRANSACTION ')
    .slice(1)
    .flatMap((text) => {
      const id = /^(\d+), (?:ACTIVE|LOCK WAIT)/.exec(text)?.[1]
      const threadId = Number(/thread id (\d+)/.exec(text)?.[1])
      const session = byId.get(threadId)
      return id === undefined || session === undefined ? [] : [{ id, threadId, words: wordsOf(text, session) }]
    })
}

function wordsOf(text: string, session: Row): string {
  const changed = /undo log entries (\d+)/.exec(text)?.[1]
  const query = session['query']
  const now = typeof query === 'string' ? `runs ${query.slice(0, 200)}` : 'idle'
  return `connection ${String(session['id'])}, ${now}, ${changed === undefined ? 'no rows changed' : `${changed} rows changed`}`
}
