import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Binaries } from './binaries.js'

/** Other settings at initdb need other data directories. */
const FORMAT = 1

/** Where one server of our own is, on disk and among the leases. */
export interface ServerPlace {
  /** Ours alone; the rest is in it. */
  readonly dir: string
  readonly state: string
  readonly log: string
}

/** One for each version and cache directory: the same for all runs of a user that share a cache. */
export function serverPlace(
  base: string,
  cacheDir: string,
  { kind, version }: Pick<Binaries, 'kind' | 'version'>,
): ServerPlace {
  return placeIn(join(base, `${prefixOf(cacheDir)}${kind}-${version}`))
}

/** What the names begin with of all that share a cache directory. */
export function prefixOf(cacheDir: string): string {
  const key = createHash('sha256')
    .update(JSON.stringify([FORMAT, cacheDir]))
    .digest('hex')
    .slice(0, 8)
  return `server-${key}-`
}

export function placeIn(dir: string): ServerPlace {
  return { dir, state: join(dir, 'state.json'), log: join(dir, 'server.log') }
}

export function isServerDir(name: string): boolean {
  return /^server-[0-9a-f]{8}-(?:embedded|system)-[\d.]+$/.test(name)
}
