import { reasonOf } from '@heddle/core'
import { setTimeout as delay } from 'node:timers/promises'
import { wordsOf } from './binaries.js'
import { createDataDir, findDataDir } from './data-dir.js'
import type { OwnServer } from './own-server.js'
import { isAlive, readPostmaster, type Postmaster } from './postmaster.js'
import { answers, type ServerAddress } from './server-session.js'
import type { ServerState } from './server-state.js'
import { startServer } from './start-server.js'
import { stopServer } from './stop-server.js'

/** How long a server that somebody else started or stopped may take for it, ms. */
const SETTLE_MS = 10_000

/**
 * The server of a place, started if it does not run, made if it is not there. To be called by one process at a time.
 *
 * @throws HeddleError `HEDDLE_RESOURCE_FAILED`
 */
export async function ensureRunning(server: OwnServer): Promise<ServerAddress> {
  const { place, binaries, print } = server
  const known = findDataDir(place)
  const running = known === undefined ? undefined : await findRunning(place.data, known)
  if (running !== undefined) return running
  await stopServer(place.data)
  if (known !== undefined) {
    try {
      return await start(server, known)
    } catch (error) {
      print(`The data of ${wordsOf(binaries)} is unusable and is made anew: ${reasonOf(error)}`)
    }
  } else print(`Preparing ${wordsOf(binaries)} in ${place.dir}: takes a second, and once`)
  return start(server, await createDataDir(place, binaries, server.user))
}

async function start(server: OwnServer, { password }: ServerState): Promise<ServerAddress> {
  const { port } = await startServer(server)
  return { port, password }
}

async function findRunning(data: string, { password }: ServerState): Promise<ServerAddress | undefined> {
  const settled = await untilSettled(data)
  if (settled?.status !== 'ready') return undefined
  const address = { port: settled.port, password }
  return (await answers(address)) ? address : undefined
}

/** A run that was killed may have left it in the middle of starting or stopping. @returns undefined if none runs */
async function untilSettled(data: string): Promise<Postmaster | undefined> {
  const deadline = Date.now() + SETTLE_MS
  for (;;) {
    const postmaster = readPostmaster(data)
    if (postmaster === undefined || !isAlive(postmaster.pid)) return undefined
    if (postmaster.status === 'ready' || Date.now() > deadline) return postmaster
    await delay(4)
  }
}
