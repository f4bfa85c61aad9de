import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { programOf, serverEnv, wordsOf, type Binaries } from './binaries.js'
import type { OwnServer } from './own-server.js'
import { runProgram, type ProgramUser } from './run-program.js'
import { failureOfOutput } from './server-failure.js'
import type { ServerPlace } from './server-place.js'
import { bootOf, readServerState, writeServerState, type ServerState } from './server-state.js'
import { stopServer } from './stop-server.js'

/**
 * The state of a data directory that is complete. One from before the last start of the machine counts for nothing: without
 * fsync nobody knows what of it reached the disk.
 */
export function findDataDir({ state }: ServerPlace): ServerState | undefined {
  const known = readServerState(state)
  return known?.boot === bootOf() ? known : undefined
}

/**
 * Makes it anew. Killed at any moment, it leaves one without a state, which the next one makes anew, under another name: what
 * the killed one had begun may still go on.
 *
 * @throws HeddleError `HEDDLE_RESOURCE_FAILED`
 */
export async function createDataDir({ place, binaries, user }: Omit<OwnServer, 'print'>): Promise<ServerState> {
  await removeDataDirs(place)
  mkdirSync(place.dir, { recursive: true, mode: 0o711 })
  const name = `data-${randomBytes(4).toString('hex')}`
  const state = { boot: bootOf(), password: randomBytes(18).toString('base64url'), data: name }
  const passwordFile = join(place.dir, `${name}.password`)
  const data = join(place.dir, name)
  mkdirSync(data, { mode: 0o700 })
  writeFileSync(passwordFile, state.password, { mode: 0o600 })
  if (user !== undefined) {
    for (const path of [data, passwordFile]) chownSync(path, user.uid, user.gid)
  }
  try {
    await initialise({ data, binaries, user, passwordFile })
  } finally {
    rmSync(passwordFile, { force: true })
  }
  writeServerState(place.state, state)
  return state
}

/** Ends the servers in them, too. */
export async function removeDataDirs({ dir, state }: ServerPlace): Promise<void> {
  rmSync(state, { force: true })
  const names = existsSync(dir) ? readdirSync(dir) : []
  for (const name of names.filter((each) => each.startsWith('data-'))) {
    await stopServer(join(dir, name))
    // Where something still writes the next one removes it.
    await rm(join(dir, name), { recursive: true, force: true }).catch(() => undefined)
  }
}

interface Initialisation {
  readonly data: string
  readonly binaries: Binaries
  readonly user: ProgramUser | undefined
  readonly passwordFile: string
}

async function initialise({ data, binaries, user, passwordFile }: Initialisation): Promise<void> {
  const options = { env: serverEnv(binaries.libraryPath), user }
  const args = ['-D', data, '-U', 'postgres', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--no-sync']
  let output = ''
  for (const locale of localesOf(binaries)) {
    const result = await runProgram(
      programOf(binaries.dir, 'initdb'),
      [...args, ...authOf(binaries), ...locale],
      options,
    )
    if (result.code === 0) return
    output = result.output
    if (!/locale/i.test(output)) break
  }
  throw failureOfOutput(`prepare ${wordsOf(binaries)} in "${data}"`, output)
}

/** The same order of text on every machine, and letters of all languages; best first, as not every system has them. */
function localesOf({ major }: Binaries): readonly (readonly string[])[] {
  const builtin = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
  return [...(major >= 17 ? [builtin] : []), ['--locale=C.UTF-8'], ['--locale=C']]
}

/**
 * The password is random and long, so that making it slow to guess would only make every connection slow. Checksums are for
 * disks that fail.
 */
function authOf({ major }: Binaries): readonly string[] {
  const cheap = major >= 16 ? ['-A', 'scram-sha-256', '-c', 'scram_iterations=1'] : ['-A', 'md5']
  return [...cheap, '--wal-segsize=4', ...(major >= 18 ? ['--no-data-checksums'] : [])]
}
