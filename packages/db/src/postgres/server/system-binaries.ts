import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { programOf } from './binaries.js'

/** A directory whose entries are named by version, and where in each the programs are. */
const PLACES: readonly (readonly [dir: string, below: string])[] = [
  ['/usr/lib/postgresql', 'bin'],
  ['/usr/libexec', ''],
  ['/usr', 'bin'],
  ['/opt/homebrew/opt', 'bin'],
  ['/usr/local/opt', 'bin'],
  ['/Applications/Postgres.app/Contents/Versions', 'bin'],
  ['C:\\Program Files\\PostgreSQL', 'bin'],
]

/**
 * Directories with PostgreSQL's programs, the newest version first. Debian and Homebrew keep them out of `PATH`.
 *
 * @param places see {@link PLACES}
 */
export function systemBinaryDirs(env: NodeJS.ProcessEnv = process.env, places = PLACES): readonly string[] {
  const versioned = places
    .flatMap(([dir, below]) => namesIn(dir).map((name) => ({ dir: join(dir, name, below), version: versionIn(name) })))
    .filter(({ version }) => version !== undefined)
    .sort((a, b) => Number(b.version) - Number(a.version))
  const inPath = (env['PATH'] ?? '').split(delimiter).filter((dir) => dir !== '')
  const dirs = [...versioned.map(({ dir }) => dir), ...inPath]
  return [...new Set(dirs)].filter(
    (dir) => existsSync(programOf(dir, 'postgres')) && existsSync(programOf(dir, 'initdb')),
  )
}

function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir)
  } catch {
    return []
  }
}

/** `16`, `postgresql@16`, `postgresql16`, `pgsql-16`. */
function versionIn(name: string): number | undefined {
  const [, version] = /^(?:postgresql@?|pgsql-)?(\d{1,2})$/.exec(name) ?? []
  return version === undefined ? undefined : Number(version)
}
