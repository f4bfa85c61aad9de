import { HeddleError, type ResourceInWorker, type ResourceWorkerPart } from '@heddle/core'
import { attachTemplate } from './sqlite-database.js'
import { loadSqlite } from './sqlite-driver.js'
import { SqliteReset } from './sqlite-reset.js'
import { TEMPLATE } from './sqlite-shape.js'

/** What the main process tells of a database in memory. */
export interface MemoryValue {
  /** The file that it is a copy of. */
  readonly template: string
  readonly root: string
}

/** A database in the memory of the test's process, for code that is handed its client. */
export function open({ name, value, perTest }: ResourceInWorker): ResourceWorkerPart {
  const { template, root } = value as MemoryValue
  const connection = loadSqlite(root).open(':memory:')
  attachTemplate(connection, template)
  const reset = new SqliteReset(connection)
  if (perTest === 'reset' || perTest === 'file') refuseVirtual(name, reset.virtualTables)
  reset.reset()
  connection.exec(`DETACH ${TEMPLATE}`)
  connection.protect()
  const clean = (): void => {
    rollBack(connection)
    attachTemplate(connection, template)
    try {
      reset.reset()
    } finally {
      connection.exec(`DETACH ${TEMPLATE}`)
    }
  }
  const isReset = perTest === 'reset' || perTest === 'rollback'
  return {
    handle: { client: connection.client },
    beforeFile: () => {
      if (perTest !== 'none') clean()
    },
    beforeTest: () => {
      if (isReset) clean()
      if (perTest === 'rollback') connection.exec('BEGIN')
    },
    afterTest: () => {
      if (perTest === 'rollback') rollBack(connection)
    },
    close: () => connection.close(),
  }
}

function rollBack(connection: { exec(sql: string): void }): void {
  try {
    connection.exec('ROLLBACK')
  } catch {
    // Nothing is open.
  }
}

/** They remember in the connection what they have read of the tables behind them. */
function refuseVirtual(name: string, tables: readonly string[]): void {
  if (tables.length === 0) return
  throw new HeddleError('HEDDLE_RESOURCE_INVALID', {
    problem: `Cannot reset resource "${name}" in memory: ${tables.map((table) => `"${table}"`).join(', ')} are virtual tables`,
    fix: "perTest: 'clone', or a file: leave out memory.",
  })
}
