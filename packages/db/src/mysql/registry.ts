import { readMarker, type Marker } from '../common/marker.js'
import { parseName } from '../common/names.js'
import { quoteBackticked as quote } from '../common/quote.js'
import type { MysqlSession } from './mysql-session.js'

/** A database that heddle has made, or is about to make. */
export interface Registered {
  readonly name: string
  readonly marker: Marker
}

/**
 * Where heddle writes down which databases of a server are its own: a table in a database of its own, so that nothing of
 * heddle's is among the tables of the user. What is not in it is never removed, whatever its name.
 */
const REGISTRY = 'hdl_registry'

const TABLE = `${quote(REGISTRY)}.\`databases\``

export async function createRegistry(session: MysqlSession): Promise<void> {
  await session.script(`CREATE DATABASE IF NOT EXISTS ${quote(REGISTRY)};
    CREATE TABLE IF NOT EXISTS ${TABLE} (name VARCHAR(64) PRIMARY KEY, marker TEXT NOT NULL) ENGINE = InnoDB`)
}

/** Written before the database is created: one of which nobody knows is never there. */
export async function register(session: MysqlSession, { name, marker }: Registered): Promise<void> {
  await session.rows(`REPLACE INTO ${TABLE} (name, marker) VALUES (?, ?)`, [name, JSON.stringify(marker)])
}

/** All with a name and a marker of ours. Nothing if there is no registry. */
export async function readRegistry(session: MysqlSession): Promise<readonly Registered[]> {
  const [found] = await session.rows('SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?', [REGISTRY])
  if (found === undefined) return []
  const rows = await session.rows(`SELECT name, marker FROM ${TABLE} ORDER BY name`)
  return rows.flatMap((row) => {
    const name = String(row['name'])
    const marker = readMarker(String(row['marker']))
    return marker === undefined || parseName(name)?.kind !== marker.kind ? [] : [{ name, marker }]
  })
}

/** Drops the database and forgets it. */
export async function dropRegistered(session: MysqlSession, name: string): Promise<void> {
  await session.rows(`DROP DATABASE IF EXISTS ${quote(name)}`)
  await session.rows(`DELETE FROM ${TABLE} WHERE name = ?`, [name])
}
