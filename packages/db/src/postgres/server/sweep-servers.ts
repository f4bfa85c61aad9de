import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ResourceSurroundings } from '@heddle/core'
import { removeDataDirs } from './data-dir.js'
import { serverLeases } from './server-leases.js'
import { isServerDir, placeIn } from './server-place.js'

/** What nobody has used for so long is of another version or project, ms. */
const UNUSED_MS = 14 * 24 * 3_600_000

/** Removes data of servers that nobody has used for two weeks. */
export async function sweepServers(
  surroundings: Pick<ResourceSurroundings, 'leases'>,
  base: string,
  now = Date.now(),
): Promise<void> {
  const old = serverDirsIn(base).filter((dir) => now - usedAt(dir) > UNUSED_MS)
  for (const dir of old) await removeServer(surroundings, dir)
}

export function serverDirsIn(base: string): readonly string[] {
  try {
    return readdirSync(base)
      .filter((name) => isServerDir(name))
      .map((name) => join(base, name))
  } catch {
    return []
  }
}

/** When a run last began to use it, ms since 1970. */
export function usedAt(dir: string): number {
  const { state } = placeIn(dir)
  const used = statSync(state, { throwIfNoEntry: false }) ?? statSync(dir, { throwIfNoEntry: false })
  return used?.mtimeMs ?? Date.now()
}

/** @returns whether it has gone: what somebody uses stays */
export async function removeServer({ leases }: Pick<ResourceSurroundings, 'leases'>, dir: string): Promise<boolean> {
  const of = serverLeases(leases(), dir)
  const turn = await of.takeTurn()
  try {
    const alone = await of.tryAlone()
    if (alone === undefined) return false
    await removeDataDirs(placeIn(dir))
    rmSync(dir, { recursive: true, force: true })
    await alone.release()
    return true
  } finally {
    await turn.release()
  }
}
