import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { programOf, serverEnv, wordsOf } from './binaries.js'
import { freePort } from './free-port.js'
import type { OwnServer } from './own-server.js'
import { readPostmaster, type Postmaster } from './postmaster.js'
import { spawnOptionsOf } from './run-program.js'
import { failureOfOutput } from './server-failure.js'
import { serverSettings } from './server-settings.js'

/** How often something passes that ends by itself: somebody took the port, the processes of a killed server still go. */
const TRIES = 50
const PASSING = /Address already in use|pre-existing shared memory block/i
const READY_TIMEOUT_MS = 60_000

/**
 * Starts the server of a complete data directory that no server runs in. It goes on when this process has ended.
 *
 * @throws HeddleError `HEDDLE_RESOURCE_FAILED`
 */
export async function startServer(server: OwnServer): Promise<Postmaster> {
  let output = ''
  for (let tries = 0; tries < TRIES; tries++) {
    const child = await spawnServer(server)
    const started = await untilReady(child, server.place.data)
    if (started !== undefined) return started
    output = readFileSync(server.place.log, 'utf8')
    if (!PASSING.test(output)) break
    await delay(100)
  }
  throw failureOfOutput(`start ${wordsOf(server.binaries)} in "${server.place.data}"`, output)
}

async function spawnServer({ place, binaries, user }: OwnServer): Promise<ChildProcess> {
  // Of a server that was killed. Its process id may be somebody else's by now, and then PostgreSQL would not start.
  rmSync(join(place.data, 'postmaster.pid'), { force: true })
  const settings = serverSettings(await freePort())
  const log = openSync(place.log, 'w', 0o600)
  try {
    const options = spawnOptionsOf({ env: serverEnv(binaries.libraryPath), user })
    const child = spawn(programOf(binaries.dir, 'postgres'), ['-D', place.data, ...settings], {
      ...options,
      cwd: '/',
      detached: true,
      stdio: ['ignore', log, log],
    })
    child.unref()
    return child
  } finally {
    closeSync(log)
  }
}

/** @returns undefined if it has ended */
async function untilReady(child: ChildProcess, data: string): Promise<Postmaster | undefined> {
  const ended = new AbortController()
  const end = (): void => ended.abort()
  child.on('exit', end).on('error', end)
  const deadline = Date.now() + READY_TIMEOUT_MS
  while (!ended.signal.aborted) {
    const postmaster = readPostmaster(data)
    if (postmaster?.pid === child.pid && postmaster?.status === 'ready') return postmaster
    if (Date.now() > deadline) child.kill('SIGKILL')
    await delay(4)
  }
  return undefined
}
