import { utimesSync } from 'node:fs'
import type { ResourceSurroundings } from '@heddle/core'
import { wordsOf } from './binaries.js'
import { ensureRunning } from './ensure-running.js'
import { findBinaries } from './find-binaries.js'
import type { OwnServer } from './own-server.js'
import { openBase, serverBases } from './server-base.js'
import { serverLeases, type ServerLeases } from './server-leases.js'
import { serverPlace } from './server-place.js'
import { urlOf, vacuumShared, type ServerAddress } from './server-session.js'
import { serverUser } from './server-user.js'
import { stopServer } from './stop-server.js'
import { sweepServers } from './sweep-servers.js'

/** A server on which databases are made. */
export interface PostgresServer {
  /** Of a database to connect to for administration, e.g. `postgres`. */
  readonly url: string
  /** For people: `embedded PostgreSQL 18.4`. */
  readonly words: string
  /** Whether heddle has started it: then its settings are made for tests, and nobody else uses it. */
  readonly isOwn: boolean
  /** Stops it if no other run uses it. Safe to call twice. */
  close(options?: CloseOptions): Promise<void>
}

interface CloseOptions {
  /** Leaves it running for people who want to look at what was kept; the next run that ends stops it. @default false */
  readonly staysUp?: boolean
}

/**
 * A server of our own: embedded, else of the system. Undefined if there is neither.
 *
 * All runs of this user that share a cache directory use one; whoever ends last stops it. One that was left by a run that was
 * killed is used by the next.
 *
 * @throws HeddleError `HEDDLE_RESOURCE_FAILED` if one is there and does not start
 */
export async function openOwnServer(
  surroundings: ResourceSurroundings,
  server: 'auto' | 'embedded' | 'system',
): Promise<PostgresServer | undefined> {
  const { root, env, cacheDir, print } = surroundings
  const user = serverUser()
  const bases = serverBases(cacheDir, user)
  const binaries = await findBinaries({ root, env, user, base: () => openBase(bases.disk) }, server)
  if (binaries === undefined) return undefined
  const place = serverPlace(openBase(bases.data), cacheDir, binaries)
  const leases = serverLeases(surroundings.leases(), place.dir)
  await sweepServers(surroundings, bases.data)
  return useServer({ place, binaries, user, print }, leases)
}

async function useServer(server: OwnServer, leases: ServerLeases): Promise<PostgresServer> {
  const turn = await leases.takeTurn()
  try {
    const use = await leases.use()
    try {
      const address = await ensureRunning(server)
      touch(server.place.state)
      const end = async ({ staysUp = false }: CloseOptions): Promise<void> => {
        const last = await leases.takeTurn()
        try {
          await use.release()
          if (!staysUp) await stopIfUnused(address, leases)
        } finally {
          await last.release()
        }
      }
      let ended: Promise<void> | undefined
      const close = (options: CloseOptions = {}): Promise<void> => (ended ??= end(options))
      return { url: urlOf(address), words: wordsOf(server.binaries), isOwn: true, close }
    } catch (error) {
      await use.release()
      throw error
    }
  } finally {
    await turn.release()
  }
}

async function stopIfUnused(address: ServerAddress, leases: ServerLeases): Promise<void> {
  const alone = await leases.tryAlone()
  if (alone === undefined) return
  try {
    await vacuumShared(address).catch(() => undefined)
    await stopServer(address.data)
  } finally {
    await alone.release()
  }
}

/** For {@link sweepServers}: when it was last used. */
function touch(file: string): void {
  const now = new Date()
  utimesSync(file, now, now)
}
