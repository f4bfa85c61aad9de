import { quoteIdentifier as quote } from '../common/quote.js'
import type { SqliteConnection } from './sqlite-driver.js'

/** Under which name the template is attached to a copy. */
export const TEMPLATE = 'heddle_template'

/** A table whose rows are to be compared. */
export interface SqliteTable {
  readonly name: string
  /** All that a row is: the number that SQLite gives it, if it does, and columns that are not generated. Quoted. */
  readonly columns: readonly string[]
  /** What that number is called; undefined if there is none. */
  readonly rowid: string | undefined
  /** How many rows the template has. */
  readonly count: number
  /** How triggers of it are created. */
  readonly triggers: readonly SqliteObject[]
}

/** What `sqlite_schema` tells of something. */
export interface SqliteObject {
  readonly type: string
  readonly name: string
  readonly table: string
  readonly sql: string
}

/** All that is in a template. */
export interface SqliteShape {
  readonly tables: readonly SqliteTable[]
  readonly objects: readonly SqliteObject[]
  readonly userVersion: number
}

/** What has no statement came by itself; statistics are nobody's. */
export const OBJECTS = `WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`

/** @param connection to which the template is attached */
export function readSqliteShape(connection: SqliteConnection): SqliteShape {
  const objects = connection
    .all(`SELECT type, name, tbl_name AS tab, sql FROM ${TEMPLATE}.sqlite_schema ${OBJECTS} ORDER BY rowid`)
    .map(({ type, name, tab, sql }) => ({
      type: String(type),
      name: String(name),
      table: String(tab),
      sql: String(sql),
    }))
  const listed = connection.all(`PRAGMA ${TEMPLATE}.table_list`).filter(isCopied)
  const tables = listed.map(({ name, wr }) =>
    tableOf(connection, { name: String(name), isKeyed: Number(wr) === 1, objects }),
  )
  const userVersion = Number(connection.all(`PRAGMA ${TEMPLATE}.user_version`)[0]?.['user_version'])
  return { tables, objects, userVersion }
}

/** Rows of virtual tables are in the tables behind them. */
function isCopied({ schema, type, name }: Readonly<Record<string, unknown>>): boolean {
  if (schema !== TEMPLATE || (type !== 'table' && type !== 'shadow')) return false
  return name === 'sqlite_sequence' || !String(name).startsWith('sqlite_')
}

function tableOf(
  connection: SqliteConnection,
  {
    name,
    isKeyed,
    objects,
  }: { readonly name: string; readonly isKeyed: boolean; readonly objects: readonly SqliteObject[] },
): SqliteTable {
  const all = connection.all(`PRAGMA ${TEMPLATE}.table_xinfo(${quote(name)})`)
  const names = new Set(all.map((column) => String(column['name']).toLowerCase()))
  const rowid = isKeyed ? undefined : ['rowid', '_rowid_', 'oid'].find((word) => !names.has(word))
  const own = all.filter(({ hidden }) => Number(hidden) === 0).map((column) => quote(String(column['name'])))
  const [row] = connection.all(`SELECT COUNT(*) AS n FROM ${TEMPLATE}.${quote(name)}`)
  return {
    name,
    rowid,
    columns: rowid === undefined ? own : [rowid, ...own],
    count: Number(row?.['n']),
    triggers: objects.filter(({ type, table }) => type === 'trigger' && table.toLowerCase() === name.toLowerCase()),
  }
}
