import type { SqlClient } from './sql-client.js'

/**
 * Whether tables and rows of a clone are those of the template, as its next reset would find. Most tests that fail have not come
 * far, and a copy costs more than all the rest.
 */
export async function isUntouched(clone: SqlClient): Promise<boolean> {
  try {
    const sql =
      'select cardinality(_heddle.dirty(mark)) = 0 and _heddle.probe_schema(mark) = schema as untouched from _heddle.state'
    const { rows } = await clone.query<{ untouched: boolean }>(sql)
    return rows[0]?.untouched === true
  } catch {
    // Its tables are others.
    return false
  }
}
