import type { SqlClient } from '../src/postgres/sql-client.js'
import type { Random } from './random.js'
import type { RandomSchema, RandomTable } from './reset-schema.js'
import { valueOf } from './reset-values.js'

/** A statement that puts rows into a table: as many as can be, with keys of their own and references that may exist. */
export function insertInto(table: RandomTable, random: Random): string {
  const columns = table.columns.filter(() => !random.isOneIn(4))
  const names = columns.map(({ name }) => name)
  const values = columns.map(({ name, type }) => (name === 'u' ? `${random.below(12)}` : valueOf(type, random)))
  for (const { column, to } of table.references) {
    names.push(column)
    values.push(
      random.isOneIn(4) ? 'NULL' : `(SELECT id FROM ${to.name} ORDER BY id OFFSET ${random.below(4)} LIMIT 1)`,
    )
  }
  if (needsKey(table) || random.isOneIn(9)) {
    names.push('id')
    values.push(`${1 + random.below(30)}`)
  }
  const overriding = table.key === 'always' ? ' OVERRIDING SYSTEM VALUE' : ''
  if (names.length === 0) return `INSERT INTO ${table.name} DEFAULT VALUES`
  return `INSERT INTO ${table.name} (${names.join(', ')})${overriding} VALUES (${values.join(', ')})`
}

function needsKey({ key, name }: RandomTable): boolean {
  return (key === 'text' || key === 'none') && name !== 'booked'
}

/** Anything that a test might do to data. Statements that belong together are one text. */
export function randomStatement(schema: RandomSchema, random: Random): string {
  const table = random.pick(schema.tables)
  const { name } = table
  const column = random.pick(table.columns)
  const where = random.pick([`u = ${random.below(12)}`, `u > ${random.below(12)}`, 'true', `mark IS NULL`])
  const makers: readonly (() => string)[] = [
    () => insertInto(table, random),
    () => insertInto(table, random),
    () => insertInto(table, random),
    () =>
      `UPDATE ${name} SET ${column.name} = ${column.name === 'u' ? random.below(12) : valueOf(column.type, random)} WHERE ${where}`,
    () => `UPDATE ${name} SET mark = mark || 'x' WHERE ${where}`,
    () => `INSERT INTO ${name} SELECT * FROM ${name}`,
    () => `DELETE FROM ${name} WHERE ctid IN (SELECT min(ctid) FROM ${name})`,
    () => `UPDATE ${name} SET mark = mark`,
    () => `UPDATE ${name} SET u = 11 - u`,
    () => `UPDATE ${name} SET id = id + 100 WHERE ${where}`,
    () => `UPDATE ${name} SET id = 1000 - id`,
    () => `UPDATE ${name} SET id = CASE id WHEN 1 THEN 2 WHEN 2 THEN 1 ELSE id END`,
    () => `DELETE FROM ${name} WHERE ${where}`,
    () => `DELETE FROM ${name} WHERE id < ${random.below(10)}`,
    () => `DELETE FROM ${name}`,
    () => referTo(table, random),
    () => `TRUNCATE ${name} CASCADE`,
    () => `TRUNCATE ${name} RESTART IDENTITY CASCADE`,
    () =>
      `SELECT setval(pg_get_serial_sequence('${name.replaceAll("'", "''")}', 'id'), ${1 + random.below(90)}, ${random.isOneIn(2)})`,
    () => `SELECT nextval(pg_get_serial_sequence('${name.replaceAll("'", "''")}', 'id'))`,
    () => `SELECT lo_from_bytea(0, '\\x0102')`,
    () => `SELECT lo_put(oid, 1, '\\xff00') FROM pg_largeobject_metadata`,
    () => `SELECT lo_unlink(oid) FROM pg_largeobject_metadata ORDER BY oid DESC LIMIT 1`,
    () => (schema.views.length > 0 ? `REFRESH MATERIALIZED VIEW ${random.pick(schema.views)}` : 'SELECT 1'),
    () => (schema.views.length > 0 ? `REFRESH MATERIALIZED VIEW CONCURRENTLY totals` : 'SELECT 1'),
    () => `BEGIN; ${insertInto(table, random)}; DELETE FROM ${name}; ROLLBACK`,
    () => `BEGIN; ${insertInto(table, random)}; UPDATE ${name} SET mark = 'tx'; COMMIT`,
    () => `BEGIN; SET CONSTRAINTS ALL DEFERRED; DELETE FROM ${name}; ${insertInto(table, random)}; COMMIT`,
    () => `ANALYZE ${name}`,
    () => `CREATE TEMP TABLE IF NOT EXISTS t AS SELECT * FROM ${name}`,
    () => `REINDEX TABLE ${name}`,
  ]
  return rareStatement(table, random) ?? random.pick(makers)()
}

function rareStatement({ name }: RandomTable, random: Random): string | undefined {
  switch (random.below(120)) {
    case 0:
      return `VACUUM ${name}`
    case 1:
      return `VACUUM FULL ${name}`
    case 2:
      return `INSERT INTO ${name} (mark) SELECT repeat('large', 20) FROM generate_series(1, 12000)`
    case 3:
      return `BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM ${name}; COMMIT`
    case 4:
      return `VACUUM FREEZE ${name}`
    default:
      return undefined
  }
}

function referTo({ name, references }: RandomTable, random: Random): string {
  if (references.length === 0) return `DELETE FROM ${name} WHERE u = 1`
  const { column, to } = random.pick(references)
  return `UPDATE ${name} SET ${column} = (SELECT max(id) FROM ${to.name})`
}

/** Runs what may fail. A transaction that it leaves is ended. */
export async function tryStatement(session: SqlClient, statement: string): Promise<void> {
  const parts = statement.startsWith('BEGIN; ') ? statement.split('; ') : [statement]
  try {
    for (const part of parts) await session.query(part)
  } catch {
    if (parts.length > 1) await session.query('ROLLBACK')
  }
}
