import { join } from 'node:path'
import type { HeddleError } from '@heddle/core'
import type { Binaries } from './binaries.js'
import { embeddedDir } from './embedded-binaries.js'
import { libraryPathOf } from './library-links.js'
import { probeBinaries, type Probe } from './probe-binaries.js'
import { readableCopyOf } from './readable-copy.js'
import type { ProgramUser } from './run-program.js'
import { serverFailure } from './server-failure.js'
import { systemBinaryDirs } from './system-binaries.js'

/** Where binaries are looked for. */
export interface BinarySearch {
  /** Of the project. */
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  /** Whom they are to run as. */
  readonly user: ProgramUser | undefined
  /** A directory of ours that this user can read. */
  readonly base: () => string
}

/**
 * Those from npm, else those of the system.
 *
 * @returns undefined if there are none
 * @throws HeddleError `HEDDLE_RESOURCE_FAILED` if there are some and none of them runs
 */
export async function findBinaries(
  search: BinarySearch,
  wanted: 'auto' | 'embedded' | 'system',
): Promise<Binaries | undefined> {
  const native = wanted === 'system' ? undefined : embeddedDir(search.root)
  const embedded = native === undefined ? undefined : await probeEmbedded(native, search)
  if (embedded?.kind === 'runs') return embedded.binaries
  const system = wanted === 'embedded' ? undefined : await findSystem(search)
  if (system !== undefined) return system
  if (embedded !== undefined) throw refusal(String(native), embedded)
  return undefined
}

async function findSystem({ env, user }: BinarySearch): Promise<Binaries | undefined> {
  for (const dir of systemBinaryDirs(env)) {
    const probe = await probeBinaries({ kind: 'system', dir }, user)
    if (probe.kind === 'runs') return probe.binaries
  }
  return undefined
}

async function probeEmbedded(native: string, search: BinarySearch): Promise<Probe> {
  const probe = await probeBinaries({ kind: 'embedded', dir: join(native, 'bin') }, search.user)
  if (probe.kind === 'unreadable' && search.user !== undefined) {
    return probeLinked(await readableCopyOf(native, search.base()), search)
  }
  return probe.kind === 'no library' ? probeLinked(native, search) : probe
}

/** Also with links of our own, if those of the package are missing. */
async function probeLinked(native: string, { user, base }: BinarySearch): Promise<Probe> {
  const at = { kind: 'embedded', dir: join(native, 'bin') } as const
  const probe = await probeBinaries(at, user)
  if (probe.kind !== 'no library') return probe
  const libraryPath = libraryPathOf(native, base())
  return libraryPath === undefined ? probe : probeBinaries({ ...at, libraryPath }, user)
}

function refusal(native: string, probe: Exclude<Probe, { kind: 'runs' }>): HeddleError {
  return serverFailure(`run the embedded PostgreSQL in "${native}"`, reasonIn(probe))
}

function reasonIn(probe: Exclude<Probe, { kind: 'runs' }>): string {
  if (probe.kind === 'unreadable') return 'the user that it would run as may not read or execute it'
  return probe.kind === 'no library' ? `a shared library is missing\n  ${probe.reason}` : probe.reason
}
