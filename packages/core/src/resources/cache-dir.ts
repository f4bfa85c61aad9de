import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { runBase } from '../fixtures/run-bases.js'
import { accessSync, existsSync, FS, statSync } from '../leases/captured.js'

/** Instead of the user's own. */
const VARIABLE = 'HEDDLE_CACHE_DIR'

/** What decides where it is. */
export interface CachePlace {
  readonly platform?: NodeJS.Platform
  /** Throws if there is none. */
  readonly home?: () => string
  /** Whether a directory could be made or used there. */
  readonly isWritable?: (dir: string) => boolean
}

/** Where this user's programs keep what may be removed at any time. Nothing is made yet. */
export function findCacheDir(
  env: Readonly<NodeJS.ProcessEnv>,
  { platform = process.platform, home = homedir, isWritable = canWrite }: CachePlace = {},
): string {
  const override = env[VARIABLE]
  if (override) return resolve(override)
  const dir = usualDir(env, platform, homeOr(home))
  // A container may have no home, and a build server one that cannot be written to.
  return dir !== undefined && isWritable(dir) ? dir : join(runBase(), 'cache')
}

/** A user whom the system does not know has none. */
function homeOr(home: () => string): string | undefined {
  try {
    return home()
  } catch {
    return undefined
  }
}

function usualDir(
  env: Readonly<NodeJS.ProcessEnv>,
  platform: NodeJS.Platform,
  home: string | undefined,
): string | undefined {
  const absolute = (dir: string | undefined): string | undefined => (dir && isAbsolute(dir) ? dir : undefined)
  const chosen = absolute(env['XDG_CACHE_HOME'])
  if (chosen !== undefined) return join(chosen, 'heddle')
  if (home === undefined) return undefined
  if (platform === 'win32')
    return join(absolute(env['LOCALAPPDATA']) ?? join(home, 'AppData', 'Local'), 'heddle', 'cache')
  return platform === 'darwin' ? join(home, 'Library', 'Caches', 'heddle') : join(home, '.cache', 'heddle')
}

/** The nearest directory above that is there decides. */
function canWrite(dir: string): boolean {
  let nearest = dir
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest)
  try {
    accessSync(nearest, FS.W_OK)
    return statSync(nearest).isDirectory()
  } catch {
    return false
  }
}
