import { quoteIdentifier as quote } from '../common/quote.js'
import { beginWriting } from './begin-writing.js'
import type { SqliteConnection } from './sqlite-driver.js'
import {
  OBJECTS,
  readSqliteShape,
  TEMPLATE,
  type SqliteObject,
  type SqliteShape,
  type SqliteTable,
} from './sqlite-shape.js'

/** What a reset did. */
export interface SqliteOutcome {
  /** Names of tables. */
  readonly cleaned: readonly string[]
  /** Whether tables, indexes, views or triggers had to be made anew. */
  readonly isSchemaChanged: boolean
}

/**
 * Makes a database as its template is, through SQL, so that connections of others to it stay what they are. All or nothing:
 * throws SQLITE_BUSY, and has changed nothing, while somebody else is in a transaction that forbids it.
 */
export class SqliteReset {
  readonly #connection: SqliteConnection
  readonly #shape: SqliteShape
  /** Tells whether anything can have changed. */
  #state = ''
  #schema: unknown

  /** @param connection to which the template is attached as {@link TEMPLATE} */
  constructor(connection: SqliteConnection) {
    this.#connection = connection
    this.#shape = readSqliteShape(connection)
  }

  /** Such as those for full-text search. */
  get virtualTables(): readonly string[] {
    return this.#shape.objects.filter(isVirtual).map(({ name }) => name)
  }

  reset(): SqliteOutcome {
    // Others' transactions change the one, this connection's own statements the other.
    if (this.#state !== '' && this.#readState() === this.#state) return { cleaned: [], isSchemaChanged: false }
    const outcome = this.#inTransaction(() => {
      const isSchemaChanged = this.#isSchemaChanged()
      if (isSchemaChanged) this.#restoreSchema()
      const cleaned = isSchemaChanged ? [] : this.#restoreRows()
      this.#connection.exec(`PRAGMA main.user_version = ${this.#shape.userVersion}`)
      return { cleaned, isSchemaChanged }
    })
    this.#schema = this.#pragma('schema_version')
    this.#state = this.#readState()
    return outcome
  }

  #inTransaction<T>(run: () => T): T {
    const exec = (sql: string): void => this.#connection.exec(sql)
    const [before] = this.#connection.all('PRAGMA foreign_keys')
    exec('PRAGMA foreign_keys = OFF')
    try {
      beginWriting(this.#connection)
      const result = run()
      exec('COMMIT')
      return result
    } catch (error) {
      this.#rollback()
      throw error
    } finally {
      exec(`PRAGMA foreign_keys = ${Number(before?.['foreign_keys'])}`)
    }
  }

  #rollback(): void {
    try {
      this.#connection.exec('ROLLBACK')
    } catch {
      // It had not begun, or SQLite has done so itself.
    }
  }

  #readState(): string {
    const [changes] = this.#connection.all('SELECT total_changes() AS n')
    const numbers = ['data_version', 'schema_version', 'user_version'].map((name) => this.#pragma(name))
    return [...numbers, changes?.['n']].join(' ')
  }

  #pragma(name: string): unknown {
    return this.#connection.all(`PRAGMA main.${name}`)[0]?.[name]
  }

  /** A new number may also come of a VACUUM. */
  #isSchemaChanged(): boolean {
    if (this.#pragma('schema_version') === this.#schema) return false
    const of = (schema: string): string => `SELECT type, name, tbl_name, sql FROM ${schema}.sqlite_schema ${OBJECTS}`
    const differ = (a: string, b: string): string => `SELECT 1 FROM (${of(a)} EXCEPT ${of(b)})`
    const found = this.#connection.all(`${differ('main', TEMPLATE)} UNION ALL ${differ(TEMPLATE, 'main')} LIMIT 1`)
    return found.length > 0
  }

  #restoreRows(): readonly string[] {
    const dirty = this.#shape.tables.filter((table) => this.#isDirty(table))
    for (const { triggers } of dirty)
      for (const { name } of triggers) this.#connection.exec(`DROP TRIGGER main.${quote(name)}`)
    for (const table of dirty) this.#copyRows(table)
    for (const { triggers } of dirty) for (const { sql } of triggers) this.#connection.exec(sql)
    return dirty.map(({ name }) => name).filter((name) => name !== 'sqlite_sequence')
  }

  #isDirty(table: SqliteTable): boolean {
    const [row] = this.#connection.all(`SELECT (${dirtyQuery(table)}) AS isDirty`)
    return Number(row?.['isDirty']) === 1
  }

  #copyRows({ name, columns, count }: SqliteTable): void {
    this.#connection.exec(`DELETE FROM main.${quote(name)}`)
    const list = columns.join(',')
    if (count === 0) return
    this.#connection.exec(`INSERT INTO main.${quote(name)} (${list}) SELECT ${list} FROM ${TEMPLATE}.${quote(name)}`)
  }

  #restoreSchema(): void {
    const exec = (sql: string): void => this.#connection.exec(sql)
    for (const type of ['trigger', 'view']) this.#dropAll(`type = '${type}'`, type)
    // Those first that stand for others, which go with them.
    this.#dropAll("type = 'table' AND sql LIKE 'CREATE VIRTUAL%'", 'table')
    this.#dropAll("type = 'table'", 'table')
    const { objects, tables } = this.#shape
    const made = objects.filter(({ type }) => type === 'table')
    for (const { sql } of made.filter(isVirtual)) exec(sql)
    for (const { name, sql } of made) if (!this.#has(name)) exec(sql)
    for (const table of tables) if (this.#has(table.name)) this.#copyRows(table)
    for (const type of ['index', 'view', 'trigger'])
      for (const object of objects) if (object.type === type) exec(object.sql)
  }

  #dropAll(condition: string, type: string): void {
    const names = this.#connection.all(`SELECT name FROM main.sqlite_schema ${OBJECTS} AND ${condition}`)
    for (const { name } of names) this.#connection.exec(`DROP ${type} IF EXISTS main.${quote(String(name))}`)
  }

  #has(table: string): boolean {
    return this.#connection.all('SELECT 1 FROM main.sqlite_schema WHERE name = ?', table).length > 0
  }
}

/** An expression that is 1 if rows are others than in the template, to the byte: no collation, no 1 for 1.0. */
function dirtyQuery({ name, columns, rowid, count }: SqliteTable): string {
  const table = quote(name)
  if (count === 0) return `SELECT EXISTS(SELECT 1 FROM main.${table})`
  const exact = (of: string): string => columns.map((column) => `quote(${of}${column})`).join(',')
  const isOther =
    rowid === undefined
      ? `SELECT ${exact('')} FROM main.${table} EXCEPT SELECT ${exact('')} FROM ${TEMPLATE}.${table}`
      : `SELECT 1 FROM ${TEMPLATE}.${table} AS a LEFT JOIN main.${table} AS b ON b.${rowid} = a.${rowid} WHERE (${exact('a.')}) IS NOT (${exact('b.')})`
  return `SELECT (SELECT COUNT(*) FROM main.${table}) <> ${count} OR EXISTS(${isOther})`
}

function isVirtual({ sql }: SqliteObject): boolean {
  return /^CREATE VIRTUAL/i.test(sql)
}
