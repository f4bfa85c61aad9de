import { constants, existsSync } from 'node:fs'
import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { HeddleError, type EndedTest, type InstanceRequest, type ResetReport, type TestReport } from '@heddle/core'
import { beginWriting } from './begin-writing.js'
import type { SqliteConnection, SqliteDriver } from './sqlite-driver.js'
import { SqliteReset } from './sqlite-reset.js'
import { TEMPLATE } from './sqlite-shape.js'

/** The file of a worker, or of one test. */
export interface SqliteDatabase {
  readonly file: string
  readonly url: string
  readonly slot: number
  readonly connection: SqliteConnection
  readonly reset: SqliteReset
}

/** What files are made of. */
export interface SqliteRun {
  readonly driver: SqliteDriver
  /** The file that all are copies of. */
  readonly template: string
  /** Where they are. */
  readonly dir: string
}

const LOOKS = 8
const BETWEEN_LOOKS_MS = 25

export async function createSqlite(
  { driver, template, dir }: SqliteRun,
  { slot, number, lifetime }: Pick<InstanceRequest, 'slot' | 'number' | 'lifetime'>,
): Promise<SqliteDatabase> {
  const file = join(dir, lifetime === 'worker' ? `worker-${slot}.db` : `test-${number}.db`)
  await removeFile(file)
  await copyFile(template, file, constants.COPYFILE_FICLONE)
  const connection = driver.open(file)
  // Nobody needs it after a crash.
  connection.exec('PRAGMA synchronous = OFF; PRAGMA busy_timeout = 0')
  attachTemplate(connection, template)
  return { file, url: `file:${file}`, slot, connection, reset: new SqliteReset(connection) }
}

/** @throws HeddleError `HEDDLE_RESOURCE_FAILED` if it has gone: SQLite would make an empty one, for all runs to come */
export function attachTemplate(connection: SqliteConnection, template: string): void {
  if (!existsSync(template)) {
    throw new HeddleError('HEDDLE_RESOURCE_FAILED', {
      problem: `Cannot copy "${template}": it has gone while the tests ran`,
      fix: 'run the tests again; leave what heddle keeps in its cache alone meanwhile (`heddle db clean --all`).',
    })
  }
  connection.all(`ATTACH ? AS ${TEMPLATE}`, template)
}

/** @throws HeddleError `HEDDLE_RESOURCE_LEFT_OPEN` if a transaction of somebody else forbids it */
export async function resetSqlite({ reset, file }: SqliteDatabase): Promise<ResetReport> {
  const outcome = await unlessBusy(() => reset.reset())
  if (outcome === undefined) {
    throw new HeddleError('HEDDLE_RESOURCE_LEFT_OPEN', {
      problem: `Cannot reset "${file}": a transaction is open in it`,
      fix: 'end every transaction, and read every result to its end, before the test ends.',
    })
  }
  const { cleaned, isSchemaChanged } = outcome
  if (!isSchemaChanged) return { cleaned }
  const notice = `${file}: a test has changed tables, indexes, views or triggers; they were made anew`
  return { cleaned: ['the schema'], notice }
}

/** A transaction that has written, or is to, forbids one of ours. What ends by itself within a moment is not left open. */
export async function lookAfterTest(
  { connection, file }: SqliteDatabase,
  { isShared = false }: Pick<EndedTest, 'isShared'> = {},
): Promise<TestReport> {
  if (isShared) return {}
  const isFree = await unlessBusy(() => {
    beginWriting(connection)
    connection.exec('ROLLBACK')
    return true
  })
  return { left: isFree === true ? [] : [`a transaction that writes is open in ${file}`] }
}

export async function dropSqlite({ connection, file }: SqliteDatabase): Promise<void> {
  connection.close()
  await removeFile(file)
}

/** Without blocking this process, which serves other workers as well. */
async function unlessBusy<T>(run: () => T): Promise<T | undefined> {
  for (let i = 0; i < LOOKS; i += 1) {
    try {
      return run()
    } catch (error) {
      if (!/database is locked|database table is locked/.test(String(error))) throw error
    }
    await sleep(BETWEEN_LOOKS_MS)
  }
  return undefined
}

async function removeFile(file: string): Promise<void> {
  for (const end of ['', '-journal', '-wal', '-shm']) await rm(`${file}${end}`, { force: true })
}
