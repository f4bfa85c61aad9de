import { basename, join } from 'node:path'
import type { CleanOptions, ResourceRow, ResourceSurroundings } from '@heddle/core'
import { isServerOf, readPostmaster } from './postmaster.js'
import { serverBases } from './server-base.js'
import { serverLeases } from './server-leases.js'
import { placeIn, prefixOf } from './server-place.js'
import { urlOf } from './server-session.js'
import { readServerState } from './server-state.js'
import { serverUser } from './server-user.js'
import { stopServer } from './stop-server.js'
import { removeServer, serverDirsIn, usedAt } from './sweep-servers.js'

/** The servers of our own of this cache directory, without starting any: for `heddle db status`. */
export async function listOwnServers(surroundings: ResourceSurroundings): Promise<readonly ResourceRow[]> {
  return Promise.all(dirsOf(surroundings).map((dir) => rowOf(surroundings, dir)))
}

/**
 * Stops those that a run left that was killed; with `isAll` removes their data as well, of those that nobody uses.
 *
 * @returns what was stopped or removed
 */
export async function cleanOwnServers(
  surroundings: ResourceSurroundings,
  { isAll, isDryRun }: CleanOptions,
): Promise<readonly string[]> {
  const cleaned: string[] = []
  for (const dir of dirsOf(surroundings)) {
    const { state } = await rowOf(surroundings, dir)
    if (state === 'in use' || (state === 'free' && !isAll)) continue
    if (isDryRun || (await (isAll ? removeServer(surroundings, dir) : stopUnused(surroundings, dir)))) cleaned.push(dir)
  }
  return cleaned
}

function dirsOf({ cacheDir }: ResourceSurroundings): readonly string[] {
  const { data, disk } = serverBases(cacheDir, serverUser())
  const dirs = [...new Set([data, disk])].flatMap((base) => serverDirsIn(base))
  return dirs.filter((dir) => basename(dir).startsWith(prefixOf(cacheDir)))
}

async function rowOf({ leases }: ResourceSurroundings, dir: string): Promise<ResourceRow> {
  const running = runningIn(dir)
  const isUsed = await serverLeases(leases(), dir).isUsed()
  const unused = running === undefined ? 'free' : 'dead'
  return {
    kind: 'server',
    name: dir,
    state: isUsed ? 'in use' : unused,
    url: running?.url,
    usedAt: new Date(usedAt(dir)).toISOString(),
    note: running === undefined ? 'does not run' : `pid ${running.pid}`,
  }
}

function runningIn(dir: string): { readonly pid: number; readonly url: string; readonly data: string } | undefined {
  const state = readServerState(placeIn(dir).state)
  if (state === undefined) return undefined
  const data = join(dir, state.data)
  const postmaster = readPostmaster(data)
  if (postmaster === undefined || !isServerOf(postmaster.pid, data)) return undefined
  return { pid: postmaster.pid, url: urlOf({ port: postmaster.port, password: state.password }), data }
}

/** @returns whether it was: what somebody has just begun to use goes on */
async function stopUnused({ leases }: ResourceSurroundings, dir: string): Promise<boolean> {
  const of = serverLeases(leases(), dir)
  const turn = await of.takeTurn()
  try {
    const alone = await of.tryAlone()
    const running = runningIn(dir)
    if (alone !== undefined && running !== undefined) await stopServer(running.data)
    await alone?.release()
    return alone !== undefined
  } finally {
    await turn.release()
  }
}
