import type { PGlite } from '@electric-sql/pglite'
import type { SqlClient } from '../postgres/sql-client.js'

/** PGlite as the rest of heddle uses it: without values a text may be several statements, of which the last one counts. */
export function sqlClientOf(db: Pick<PGlite, 'exec' | 'query'>): SqlClient {
  return {
    async query<Row extends object>(sql: string, values?: readonly unknown[]) {
      if (values !== undefined) return db.query<Row>(sql, [...values])
      const last = (await db.exec(sql)).at(-1)
      return { rows: (last?.rows ?? []) as Row[] }
    },
  }
}
