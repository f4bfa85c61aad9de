import { quoteBackticked as quote } from '../common/quote.js'
import { readCode, type CodeObject } from './code-objects.js'
import type { MysqlSession, Row } from './mysql-session.js'
import { rowsFingerprint, type Column } from './rows-fingerprint.js'

/** A table of a template. */
export interface TableShape {
  readonly name: string
  /** How it is created. */
  readonly create: string
  /** Without generated ones. */
  readonly columns: readonly Column[]
  /** Undefined if it has no rows. */
  readonly fingerprint: string | undefined
  /** The next number, if it has a column that counts. */
  readonly autoIncrement: string | undefined
}

/** A sequence of MariaDB. */
interface SequenceShape {
  readonly name: string
  readonly create: string
  readonly next: string
}

/** All that is in a template: to make copies from, and to know what is to be there after a reset. */
export interface TemplateShape {
  readonly database: string
  readonly charset: string
  readonly collation: string
  readonly tables: readonly TableShape[]
  readonly sequences: readonly SequenceShape[]
  /** Functions, procedures, views, triggers and events, in an order in which they can be created. */
  readonly code: readonly CodeObject[]
}

/** @param session in the template */
export async function readTemplateShape(session: MysqlSession, database: string): Promise<TemplateShape> {
  const tables = await session.rows(
    'SELECT TABLE_NAME AS name, TABLE_TYPE AS type, AUTO_INCREMENT AS next FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME',
    [database],
  )
  const columns = await readColumns(session, database)
  const shapes: TableShape[] = []
  const sequences: SequenceShape[] = []
  for (const row of tables) {
    const name = String(row['name'])
    if (row['type'] === 'SEQUENCE') sequences.push(await readSequence(session, name))
    else if (row['type'] !== 'VIEW') shapes.push(await readTable(session, row, columns.get(name) ?? []))
  }
  const [schema] = await session.rows('SELECT @@character_set_database AS charset, @@collation_database AS collation')
  return {
    database,
    charset: String(schema?.['charset']),
    collation: String(schema?.['collation']),
    tables: shapes,
    sequences,
    code: await readCode(session, database),
  }
}

/** Whether it has rows whose history the server keeps, which nothing but a new table gets rid of. */
export function isVersioned(table: TableShape): boolean {
  return /\bWITH SYSTEM VERSIONING\b/.test(table.create)
}

/** The text of SHOW CREATE TABLE without what the rows make of it. */
export function withoutCounter(create: string): string {
  return create.replace(/ AUTO_INCREMENT=\d+/, '')
}

export function sequenceQuery(name: string): string {
  return `SELECT next_not_cached_value AS next FROM ${quote(name)}`
}

async function readTable(session: MysqlSession, row: Row, columns: readonly Column[]): Promise<TableShape> {
  const name = String(row['name'])
  const [created] = await session.rows(`SHOW CREATE TABLE ${quote(name)}`)
  const [found] = await session.rows(`SELECT EXISTS(SELECT 1 FROM ${quote(name)}) AS hasRows`)
  const [hashed] = found?.['hasRows'] === 1 ? await session.rows(rowsFingerprint(name, columns)) : []
  const next = row['next']
  return {
    name,
    create: String(created?.['Create Table']),
    columns,
    fingerprint: hashed && String(hashed['fingerprint']),
    autoIncrement: next === null || next === undefined ? undefined : String(next),
  }
}

async function readSequence(session: MysqlSession, name: string): Promise<SequenceShape> {
  const [created] = await session.rows(`SHOW CREATE SEQUENCE ${quote(name)}`)
  const [row] = await session.rows(sequenceQuery(name))
  return { name, create: String(created?.['Create Table']), next: String(row?.['next']) }
}

async function readColumns(session: MysqlSession, database: string): Promise<ReadonlyMap<string, readonly Column[]>> {
  const rows = await session.rows(
    'SELECT TABLE_NAME AS tab, COLUMN_NAME AS name, DATA_TYPE AS type, GENERATION_EXPRESSION AS made FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, ORDINAL_POSITION',
    [database],
  )
  const columns = new Map<string, Column[]>()
  for (const { tab, name, type, made } of rows) {
    if (made !== null && made !== '') continue
    const table = columns.get(String(tab)) ?? []
    columns.set(String(tab), [...table, { name: String(name), type: String(type).toLowerCase() }])
  }
  return columns
}
