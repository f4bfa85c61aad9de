import { join } from 'node:path'
import { reasonOf } from '@heddle/core'
import { wordsOf } from './binaries.js'
import { createDataDir, findDataDir } from './data-dir.js'
import type { OwnServer } from './own-server.js'
import { untilSettled } from './postmaster.js'
import { answers, type ServerAddress } from './server-session.js'
import type { ServerState } from './server-state.js'
import { startServer } from './start-server.js'
import { stopServer } from './stop-server.js'

/**
 * The server of a place, started if it does not run, made if it is not there. To be called by one process at a time.
 *
 * @throws HeddleError `HEDDLE_RESOURCE_FAILED`
 */
export async function ensureRunning(server: OwnServer): Promise<ServerAddress> {
  const { place, binaries, print } = server
  const known = findDataDir(place)
  if (known !== undefined) {
    const running = await findRunning(server, known)
    if (running !== undefined) return running
    await stopServer(dataOf(server, known))
    try {
      return await start(server, known)
    } catch (error) {
      print(`The data of ${wordsOf(binaries)} is unusable and is made anew: ${reasonOf(error)}`)
    }
  } else print(`Preparing ${wordsOf(binaries)} in ${place.dir}: takes a second, and once`)
  return start(server, await createDataDir(server))
}

async function start(server: OwnServer, state: ServerState): Promise<ServerAddress> {
  const data = dataOf(server, state)
  const { port } = await startServer(server, data)
  return { port, password: state.password, data }
}

async function findRunning(server: OwnServer, state: ServerState): Promise<ServerAddress | undefined> {
  const data = dataOf(server, state)
  const settled = await untilSettled(data)
  if (settled?.status !== 'ready') return undefined
  const address = { port: settled.port, password: state.password, data }
  return (await answers(address)) ? address : undefined
}

function dataOf({ place }: OwnServer, { data }: ServerState): string {
  return join(place.dir, data)
}
