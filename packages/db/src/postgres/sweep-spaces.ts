import { hostname } from 'node:os'
import { readMarker, type Marker } from '../common/marker.js'
import { parseName } from '../common/names.js'
import { readHeldKeys } from './held-keys.js'
import { isAlive } from './is-alive.js'
import { lockKey } from './lock-key.js'
import type { SpaceKind } from './space-kind.js'
import type { SqlClient } from './sql-client.js'

/** A space with a name that heddle gives *and* its marker. */
export interface OwnSpace {
  readonly name: string
  readonly marker: Marker
  /** Whether the run that made it is gone. */
  readonly isDead: boolean
}

/** Removes spaces of dead runs. @returns their names */
export async function sweepSpaces(client: SqlClient, kind: SpaceKind): Promise<string[]> {
  const dead = (await listSpaces(client, kind)).filter(({ isDead }) => isDead)
  for (const { name } of dead) await kind.remove(client, name)
  return dead.map(({ name }) => name)
}

/** Those of all runs in the database. */
export async function listSpaces(client: SqlClient, kind: SpaceKind): Promise<readonly OwnSpace[]> {
  // In this order: who makes one has its lock before.
  const spaces = await kind.list(client)
  const held = await readHeldKeys(client)
  return spaces.flatMap(({ name, comment }) => {
    const key = parseName(name)?.key
    const marker = readMarker(comment)
    if (key === undefined || marker === undefined) return []
    // A run whose connection was lost takes its lock again.
    const isLiving = held.has(lockKey('run', key)) || (marker.host === hostname() && isAlive(marker.pid))
    return [{ name, marker, isDead: !isLiving }]
  })
}
