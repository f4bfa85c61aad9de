import { programOf, serverEnv, type Binaries } from './binaries.js'
import { runProgram, type ProgramUser } from './run-program.js'

/** What came of looking whether binaries run. */
export type Probe =
  | { readonly kind: 'runs'; readonly binaries: Binaries }
  /** The user may not read or run them. */
  | { readonly kind: 'unreadable' }
  /** A shared library is not there. */
  | { readonly kind: 'no library'; readonly reason: string }
  /** They are for another system. */
  | { readonly kind: 'foreign'; readonly reason: string }

/** The first version with all that resets need. */
const OLDEST = 13

/** Starts `postgres --version`: that tells more than any look at files. */
export async function probeBinaries(
  at: Pick<Binaries, 'kind' | 'dir' | 'libraryPath'>,
  user: ProgramUser | undefined,
): Promise<Probe> {
  const env = serverEnv(at.libraryPath)
  const { code, output, failure } = await runProgram(programOf(at.dir, 'postgres'), ['--version'], { env, user })
  if (failure === 'EACCES') return { kind: 'unreadable' }
  // It is there, so what is missing is the loader that it names.
  if (failure === 'ENOENT')
    return { kind: 'foreign', reason: 'they are made for glibc, and this system has another libc' }
  if (code !== 0) return refusalOf(output)
  const version = /\(PostgreSQL\) (\d+(?:\.\d+)?)/.exec(output)?.[1]
  if (version === undefined) return { kind: 'foreign', reason: `its version is not understood: ${output.trim()}` }
  const major = Number.parseInt(version, 10)
  if (major < OLDEST) return { kind: 'foreign', reason: `version ${version} is older than ${OLDEST}` }
  return { kind: 'runs', binaries: { ...at, version, major } }
}

function refusalOf(output: string): Probe {
  const reason = output.trim()
  if (/permission denied/i.test(reason)) return { kind: 'unreadable' }
  if (/shared librar|Library not loaded|\.so/i.test(reason)) return { kind: 'no library', reason }
  return { kind: 'foreign', reason: reason === '' ? 'it ends at once' : reason }
}
