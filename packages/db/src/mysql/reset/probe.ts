import { quoteBackticked as quote } from '../../common/quote.js'
import { CODE_FINGERPRINT } from '../code-objects.js'
import type { MysqlSession, Row } from '../mysql-session.js'
import { rowsFingerprint } from '../rows-fingerprint.js'
import { sequenceQuery, type TableShape, type TemplateShape } from '../template-shape.js'
import { parseTransactions, type OpenTransaction } from './open-transactions.js'

/** What is found in a database before it is cleaned. */
export interface Probe {
  /** Tables whose rows are not those of the template. */
  readonly touched: ReadonlySet<string>
  /** The next number of each table that counts. */
  readonly counters: ReadonlyMap<string, string>
  readonly sequences: ReadonlyMap<string, string>
  /** When each table was created or altered last, to the second; views and sequences as well. */
  readonly created: ReadonlyMap<string, string>
  /** Of everything but tables. */
  readonly code: string
  /** The server's clock when it began, to the second. */
  readonly now: string
  readonly open: readonly OpenTransaction[]
}

/** What the queries are made for. */
export interface ProbeTarget {
  readonly shape: TemplateShape
  /** Whether the role may see the transactions of others. */
  readonly seesTransactions: boolean
  /** Whether the server tells of every change of a table when it was. */
  readonly trustsTimes: boolean
}

const NO_TABLE = new Set([
  'ER_NO_SUCH_TABLE',
  'ER_BAD_FIELD_ERROR',
  'ER_VIEW_INVALID',
  'ER_WRONG_OBJECT',
  'ER_NOT_SEQUENCE',
])

const TABLES =
  'SELECT TABLE_NAME AS name, TABLE_TYPE AS type, AUTO_INCREMENT AS next, CAST(CREATE_TIME AS CHAR) AS created FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()'
const SESSIONS =
  'SELECT ID AS id, COMMAND AS command, TIME AS seconds, INFO AS query FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()'

/** The queries that look into a copy of a template, all in one message. */
export function probeQueries({ shape, seesTransactions }: ProbeTarget): string {
  return [
    // First: a test that is still at work is to be noticed, not to be mistaken for what it left.
    seesTransactions ? 'SHOW ENGINE INNODB STATUS' : "SELECT '' AS Status",
    SESSIONS,
    'SELECT CAST(NOW() AS CHAR) AS now',
    TABLES,
    CODE_FINGERPRINT,
    `SELECT ${[...shape.tables.map(isTouched), '0 AS z'].join(',')}`,
    ...shape.sequences.map(({ name }) => sequenceQuery(name)),
  ].join(';\n')
}

/** @returns undefined if tables are missing, or are others */
export async function probe(session: MysqlSession, queries: string, shape: TemplateShape): Promise<Probe | undefined> {
  try {
    return readProbe(await session.script(queries), shape)
  } catch (error) {
    if (NO_TABLE.has(String((error as { code?: unknown }).code))) return undefined
    throw error
  }
}

function readProbe(results: readonly (readonly Row[])[], shape: TemplateShape): Probe {
  const [status = [], sessions = [], [clock] = [], tables = [], [code] = [], [touched] = [], ...sequences] = results
  return {
    touched: new Set(shape.tables.filter((table, i) => isDirty(table, touched?.[`t${i}`])).map(({ name }) => name)),
    counters: new Map(tables.map(({ name, next }) => [String(name), String(next)])),
    sequences: new Map(shape.sequences.map(({ name }, i) => [name, String(sequences[i]?.[0]?.['next'])])),
    created: new Map(tables.map(({ name, type, created }) => [String(name), `${String(type)} ${String(created)}`])),
    code: String(code?.['code']),
    now: String(clock?.['now']),
    open: parseTransactions(String(status[0]?.['Status'] ?? ''), sessions),
  }
}

/** Empty tables cost next to nothing; the rows of others are counted and hashed. */
function isTouched(table: TableShape, i: number): string {
  if (table.fingerprint === undefined) return `EXISTS(SELECT 1 FROM ${quote(table.name)}) AS t${i}`
  return `(${rowsFingerprint(table.name, table.columns)}) AS t${i}`
}

function isDirty({ fingerprint }: TableShape, found: unknown): boolean {
  return fingerprint === undefined ? Number(found) !== 0 : String(found) !== fingerprint
}
