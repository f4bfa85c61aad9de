import type { Marker } from '../common/marker.js'
import { dropDatabase, endSessions, setMarker } from './change-databases.js'
import type { CloneSteps } from './clone-database.js'
import type { WorkerDatabase } from './database-source.js'
import { endPrepared } from './left-open.js'
import { lockKey } from './lock-key.js'
import type { Maintenance } from './maintenance.js'
import { findOwnDatabase } from './own-database.js'
import { readHeldKeys } from './held-keys.js'
import { resetDatabase } from './reset/reset.js'
import type { SqlClient } from './sql-client.js'

/** Databases that last from run to run, all clones of one template. */
export interface Slots {
  /** How many are kept. */
  readonly limit: number
  readonly nameOf: (number: number) => string
  readonly markerOf: () => Marker
  /** Makes one anew, whether it is there or not. */
  readonly make: (name: string) => Promise<void>
  readonly open: (name: string, steps: Omit<CloneSteps, 'keepCopy'>) => Promise<WorkerDatabase>
}

/**
 * Gives out the first one that nobody has. A lock of the session says who has it, so that of a run that was killed is free at
 * once.
 */
export async function leaseSlot(maintenance: Maintenance, slots: Slots): Promise<WorkerDatabase> {
  const { locks } = maintenance
  for (let number = 1; ; number += 1) {
    const key = lockKey('slot', slots.nameOf(number))
    if (!(await locks.tryLock(key))) continue
    try {
      const database = await openSlot(maintenance, slots, number)
      if (database !== undefined) return database
      await locks.unlock(key)
    } catch (error) {
      await locks.unlock(key).catch(() => {})
      throw error
    }
  }
}

async function openSlot(
  { admin, locks }: Maintenance,
  slots: Slots,
  number: number,
): Promise<WorkerDatabase | undefined> {
  const name = slots.nameOf(number)
  const marker = slots.markerOf()
  const found = await findOwnDatabase(admin, name)
  // The run that had it was killed, and its last statement goes on: removing it, maybe.
  if (await isBusy(admin, found?.marker, marker)) return undefined
  const isKept = found?.marker?.template === marker.template && !found?.isBroken
  if (isKept) {
    await endSessions(admin, name)
    await setMarker(admin, name, marker)
  } else await slots.make(name)
  const recreate = (): Promise<void> => slots.make(name)
  const release = async (): Promise<void> => {
    // More than one run at once has needed more of them than will be needed again.
    if (number > slots.limit) await dropDatabase(admin, name)
    else await setMarker(admin, name, { ...slots.markerOf(), run: '' })
    await locks.unlock(lockKey('slot', name))
  }
  const database = await slots.open(name, { recreate, release })
  if (isKept) await makeClean(database)
  return database
}

async function isBusy(admin: SqlClient, of: Marker | undefined, mine: Marker): Promise<boolean> {
  if (of === undefined || of.run === mine.run) return false
  return (await readHeldKeys(admin)).has(lockKey('run', of.run))
}

/** A run that was killed may have left anything in it. */
async function makeClean(database: WorkerDatabase): Promise<void> {
  await endPrepared(database.session).catch(() => {})
  try {
    const { isSchemaChanged } = await resetDatabase(database.session)
    if (isSchemaChanged) await database.recreate()
  } catch {
    await database.recreate()
  }
}
