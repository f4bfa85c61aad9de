import type { SqliteConnection } from './sqlite-driver.js'

/**
 * Begins a transaction that may write from its first moment on, in `main` alone. `BEGIN IMMEDIATE` would lock whatever is
 * attached as well: the template, which all workers and runs read.
 *
 * @throws what the library throws if somebody else is writing; nothing is open then
 */
export function beginWriting(connection: SqliteConnection): void {
  const [row] = connection.all('PRAGMA main.user_version')
  connection.exec('BEGIN')
  try {
    connection.exec(`PRAGMA main.user_version = ${Number(row?.['user_version'])}`)
  } catch (error) {
    connection.exec('ROLLBACK')
    throw error
  }
}
