import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { programOf, serverEnv, wordsOf } from './binaries.js'
import { freePort } from './free-port.js'
import type { OwnServer } from './own-server.js'
import { isServerOf, readPostmaster, untilSettled, type Postmaster } from './postmaster.js'
import { spawnOptionsOf } from './run-program.js'
import { failureOfOutput } from './server-failure.js'
import { serverSettings } from './server-settings.js'

/** How often something passes that ends by itself: somebody took the port, the processes of a killed server still go. */
const TRIES = 50
const PASSING = /Address already in use|pre-existing shared memory block|lock file .* already exists/i
const READY_TIMEOUT_MS = 60_000

/**
 * Starts the server in a complete data directory. It goes on when this process has ended.
 *
 * @throws HeddleError `HEDDLE_RESOURCE_FAILED`
 */
export async function startServer(server: OwnServer, data: string): Promise<Postmaster> {
  let output = ''
  for (let tries = 0; tries < TRIES; tries++) {
    const started = (await findOther(data)) ?? (await untilReady(await spawnServer(server, data), data))
    if (started !== undefined) return started
    output = readFileSync(server.place.log, 'utf8')
    if (!PASSING.test(output)) break
    await delay(100)
  }
  throw failureOfOutput(`start ${wordsOf(server.binaries)} in "${data}"`, output)
}

/** Somebody who was killed had just started it. */
async function findOther(data: string): Promise<Postmaster | undefined> {
  const other = await untilSettled(data)
  return other?.status === 'ready' && isServerOf(other.pid, data) ? other : undefined
}

async function spawnServer({ place, binaries, user }: OwnServer, data: string): Promise<ChildProcess> {
  // Of a server that was killed. Its process id may be somebody else's by now, and then PostgreSQL would not start.
  if (readPostmaster(data) !== undefined) rmSync(join(data, 'postmaster.pid'), { force: true })
  const settings = serverSettings(await freePort())
  const log = openSync(place.log, 'w', 0o600)
  try {
    const options = spawnOptionsOf({ env: serverEnv(binaries.libraryPath), user })
    const child = spawn(programOf(binaries.dir, 'postgres'), ['-D', data, ...settings], {
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
