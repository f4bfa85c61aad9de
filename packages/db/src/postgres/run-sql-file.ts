import { HeddleError, reasonOf } from '@heddle/core'
import type { MigrationFile } from '../common/plan-migrations.js'
import { splitStatements, withoutComments, wordsOf, type Statement } from './split-statements.js'
import type { SqlClient } from './sql-client.js'

const ALONE =
  /\b(?:(?:create\s+(?:unique\s+)?|drop\s+|re)index\s+(?:\([^)]*\)\s*)?(?:\w+\s+)?concurrently|concurrently\s+\w|vacuum|create\s+database|drop\s+database|alter\s+system|create\s+tablespace|drop\s+tablespace|create\s+subscription)\b/i

/**
 * Runs one file: as one transaction, unless there is something in it that cannot run in one (CREATE INDEX CONCURRENTLY, VACUUM
 * …): then statement by statement.
 *
 * @throws HeddleError `HEDDLE_MIGRATION_FAILED` with file, line and statement
 */
export async function runSqlFile(client: SqlClient, file: MigrationFile): Promise<void> {
  // Some editors write it; the server takes it for a name.
  const text = file.sql.replace(/^\uFEFF/, '')
  if (ALONE.test(wordsOf(text))) return runApart(client, file.path, text)
  await client.query('begin')
  await runAt(client, { path: file.path, text, statement: { sql: text, offset: 0 } }, true)
  await runAt(client, { path: file.path, text, statement: { sql: 'commit', offset: text.length } }, true)
}

async function runApart(client: SqlClient, path: string, text: string): Promise<void> {
  for (const statement of splitStatements(text)) await runAt(client, { path, text, statement }, false)
}

interface Place {
  readonly path: string
  /** Of the whole file. */
  readonly text: string
  readonly statement: Statement
}

async function runAt(client: SqlClient, place: Place, isInTransaction: boolean): Promise<void> {
  try {
    await client.query(place.statement.sql)
  } catch (error) {
    if (isInTransaction) await client.query('rollback').catch(() => {})
    throw migrationError(error, place)
  }
}

function migrationError(error: unknown, place: Place): HeddleError {
  const { path, text, statement } = place
  const position = positionOf(error)
  const at = statement.offset + (position === undefined ? 0 : position - 1)
  const failed = position === undefined && statement.sql === text ? undefined : statementAt(text, at)
  const where = failed === undefined ? '' : ` line ${lineOf(text, at)}, in "${failed}"`
  const isMeta = /^\\/m.test(text)
  return new HeddleError('HEDDLE_MIGRATION_FAILED', {
    problem: `Cannot run migration "${path}":${where === '' ? '' : `${where}:`} ${reasonOf(error)}${moreOf(error)}`,
    fix: isMeta
      ? 'lines that begin with a backslash are commands of psql: remove them, or run the file with { files, command: "psql …" }.'
      : 'mend the file; it starts from an empty database the next time.',
    cause: error,
  })
}

/** In characters from 1, as the server tells it. */
function positionOf(error: unknown): number | undefined {
  const { position } = error as { readonly position?: string }
  return position === undefined ? undefined : Number(position)
}

function moreOf(error: unknown): string {
  const { detail, hint } = error as { readonly detail?: string; readonly hint?: string }
  return [detail, hint].map((text) => (text === undefined ? '' : ` (${text})`)).join('')
}

function statementAt(text: string, at: number): string | undefined {
  const statement = splitStatements(text).findLast(({ offset }) => offset <= at)
  const line = statement && withoutComments(statement.sql).replaceAll(/\s+/g, ' ').trim()
  return line !== undefined && line.length > 120 ? `${line.slice(0, 119)}…` : line
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length
}
