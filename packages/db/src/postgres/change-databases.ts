import { setTimeout as delay } from 'node:timers/promises'
import { codeOf, HeddleError, reasonOf } from '@heddle/core'
import type { Marker } from '../common/marker.js'
import { quoteIdentifier, quoteLiteral } from '../common/quote.js'
import { BIRTHMARK, findOwnDatabase } from './own-database.js'
import type { SqlClient } from './sql-client.js'

/** A database that is to be made. */
export interface NewDatabase {
  readonly name: string
  /** Of what it is a copy. @default what the server copies for everybody */
  readonly template?: string | undefined
  readonly marker: Marker
  /** Role that all sessions in it have by default. */
  readonly role?: string | undefined
}

/** How a server copies databases best. */
export interface CopyStrategy {
  readonly versionNumber: number
  readonly isFsyncOn: boolean
}

const IN_USE = '55006'
const MISSING = '3D000'
const EXISTS = '42P04'
const DISK_FULL = '53100'
const ATTEMPTS = 5

/** Makes a database. Whoever has sessions in the template, which only can be by mistake, loses them. */
export async function createDatabase(client: SqlClient, database: NewDatabase, copy: CopyStrategy): Promise<void> {
  const { name, template, role } = database
  const of = template === undefined ? '' : ` template ${quoteIdentifier(template)}`
  const sql = `create database ${quoteIdentifier(name)}${of}${strategyOf(copy)} connection limit ${BIRTHMARK}`
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(sql)
      break
    } catch (error) {
      const code = codeOf(error)
      if ((code !== IN_USE && code !== EXISTS) || attempt === ATTEMPTS) throw explained(error, database)
      // A run that was killed has begun to make it, or to remove it, and its statement has gone on: unless it is not ours.
      if (code === EXISTS) await dropDatabase(client, name)
      else if (template !== undefined) await endSessions(client, template)
      await delay(50 * attempt)
    }
  }
  await setMarker(client, name, database.marker)
  if (role !== undefined) await client.query(`alter database ${quoteIdentifier(name)} set role = ${quoteLiteral(role)}`)
  if (template === undefined || !copy.isFsyncOn) return
  // Commits of tests are to be seen, not to survive a power cut: nobody waits for the disk.
  await client.query(`alter database ${quoteIdentifier(name)} set synchronous_commit = off`)
}

/** Removes one of ours, and ends the sessions in it. Nothing happens if it is not there, or not ours. */
export async function dropDatabase(client: SqlClient, name: string): Promise<boolean> {
  const own = await findOwnDatabase(client, name)
  if (own === undefined) return false
  const quoted = quoteIdentifier(name)
  try {
    if (own.isTemplate && !own.isBroken) await client.query(`alter database ${quoted} is_template false`)
    await client.query(`drop database ${quoted} with (force)`)
    return true
  } catch (error) {
    // Somebody else removes it as well: "tuple concurrently updated" is how ALTER tells that.
    const isGone = codeOf(error) === MISSING || /concurrently (?:updated|deleted)/.test(reasonOf(error))
    if (isGone) return false
    throw error
  }
}

export async function setMarker(client: SqlClient, name: string, marker: Marker): Promise<void> {
  await client.query(`comment on database ${quoteIdentifier(name)} is ${quoteLiteral(JSON.stringify(marker))}`)
}

/** Ends the sessions of others in one of ours. */
export async function endSessions(client: SqlClient, name: string): Promise<void> {
  if ((await findOwnDatabase(client, name)) === undefined) return
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()
       and (usename is null or pg_has_role(usename, 'MEMBER'))`,
    [name],
  )
}

/** Copying the files is fastest where nobody waits for the disk; writing them to the log where somebody does. Before 15 there is no choice. */
function strategyOf({ versionNumber, isFsyncOn }: CopyStrategy): string {
  if (versionNumber < 150_000) return ''
  return ` strategy ${isFsyncOn ? 'wal_log' : 'file_copy'}`
}

function explained(error: unknown, { name, template }: NewDatabase): unknown {
  const code = codeOf(error)
  const problem = `Cannot make database "${name}": ${reasonOf(error)}`
  const fail = (fix: string): HeddleError => new HeddleError('HEDDLE_RESOURCE_FAILED', { problem, fix, cause: error })
  if (code === DISK_FULL) {
    return fail('make room on the disk of the server; `heddle db clean --all` removes what heddle keeps between runs.')
  }
  if (code === IN_USE) return fail(`close the programs that are connected to "${template ?? 'template1'}".`)
  if (code === EXISTS) return fail(`a database of this name that is not heddle's is there: rename it.`)
  return error
}
