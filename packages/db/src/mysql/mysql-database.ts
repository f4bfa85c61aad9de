import type { InstanceRequest } from '@heddle/core'
import { newMarker } from '../common/marker.js'
import { testName, workerName } from '../common/names.js'
import { quoteBackticked as quote } from '../common/quote.js'
import { copyTemplate } from './copy-template.js'
import { openLastingSession } from './lasting-session.js'
import type { MysqlServer } from './mysql-server.js'
import type { MysqlSession } from './mysql-session.js'
import { dropRegistered, register } from './registry.js'
import { MysqlReset } from './reset/mysql-reset.js'
import type { TemplateShape } from './template-shape.js'

/** The database of a worker, or of one test. */
export interface MysqlDatabase {
  readonly name: string
  readonly url: string
  readonly slot: number
  readonly reset: MysqlReset
  /** For what tests ask heddle to run: opened when they do. */
  readonly forTests: () => Promise<MysqlSession>
  /** From the template again, under the same name. */
  recreate(): Promise<void>
  drop(): Promise<void>
}

export async function createDatabase(
  server: MysqlServer,
  shape: TemplateShape,
  { slot, number, lifetime }: Pick<InstanceRequest, 'slot' | 'number' | 'lifetime'>,
): Promise<MysqlDatabase> {
  const { admin, mysql2, url, key } = server
  const name = lifetime === 'worker' ? workerName(key, slot) : testName(key, number)
  const kind = lifetime === 'worker' ? 'worker' : 'test'
  await register(admin, {
    name,
    marker: newMarker(kind, server.maker, { owner: server.owner, template: shape.database }),
  })
  await admin.rows(`DROP DATABASE IF EXISTS ${quote(name)}`)
  await createEmpty(admin, name, shape)
  const session = await openLastingSession({ mysql2, url, database: name, prepare: prepareReset(server) })
  let forTests: Promise<MysqlSession> | undefined
  const database = {
    name,
    url: server.urlOf(name),
    slot,
    reset: await fill(session, server, shape),
    forTests: () => (forTests ??= openForTests(server, name)),
    recreate: async () => {
      await admin.rows(`DROP DATABASE ${quote(name)}`)
      await createEmpty(admin, name, shape)
      await session.script(`USE ${quote(name)}`)
      database.reset = await fill(session, server, shape)
    },
    drop: async () => {
      await session.end()
      await (await forTests)?.end()
      await endConnections(admin, name)
      await dropRegistered(admin, name)
    },
  }
  return database
}

/** A transaction that a test has left open would keep the database until its connection ends. */
async function endConnections(admin: MysqlSession, name: string): Promise<void> {
  const sql = 'SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = ? AND ID <> CONNECTION_ID()'
  // One that has gone by itself is no failure.
  for (const { id } of await admin.rows(sql, [name])) await admin.rows(`KILL ${Number(id)}`).catch(() => undefined)
}

function openForTests({ mysql2, url }: MysqlServer, database: string): Promise<MysqlSession> {
  const prepare = (session: MysqlSession) => session.script('SET SESSION sql_mode = DEFAULT')
  return openLastingSession({ mysql2, url, database, prepare })
}

async function fill(session: MysqlSession, server: MysqlServer, shape: TemplateShape): Promise<MysqlReset> {
  await copyTemplate(session, shape)
  const { seesTransactions, isMariaDb: trustsTimes } = server
  return MysqlReset.open(session, { shape, seesTransactions, trustsTimes })
}

async function createEmpty(admin: MysqlSession, name: string, { charset, collation }: TemplateShape): Promise<void> {
  await admin.rows(`CREATE DATABASE ${quote(name)} CHARACTER SET ${charset} COLLATE ${collation}`)
}

/** MySQL 8 would tell for a day what tables were like, and nobody waits long for a test that holds a lock. */
function prepareReset({ isMariaDb, version }: MysqlServer): (session: MysqlSession) => Promise<unknown> {
  const settings = ['lock_wait_timeout = 2', 'innodb_lock_wait_timeout = 2']
  if (!isMariaDb && Number.parseInt(version, 10) >= 8) settings.push('information_schema_stats_expiry = 0')
  return (session) => session.script(settings.map((setting) => `SET SESSION ${setting}`).join(';'))
}
