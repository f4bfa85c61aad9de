import { createRequire } from 'node:module'
import { join } from 'node:path'

/** Core depends on proper-lockfile, the workspace's root does not. */
const requireFromCore = createRequire(createRequire(import.meta.url).resolve('@heddle/core'))

/** Every kind opens a lock in a directory; what it opens takes the lock, and resolves with what gives it back. */
const KINDS = {
  heddle: openHeddle,
  'proper-lockfile, tuned': (dir) => openProperLockfile(dir, TUNED),
  'proper-lockfile': (dir) => openProperLockfile(dir, { retries: { forever: true, retries: 10 } }),
}

/** As quick as it can be set: 2 s is the least that it takes for `stale`. */
const TUNED = { stale: 2000, retries: { forever: true, retries: 13, minTimeout: 5, maxTimeout: 50, factor: 1.2 } }

export function openLock(kind, dir) {
  return KINDS[kind](dir)
}

/** Whether the packages that it needs are here. */
export function isInstalled(kind) {
  try {
    if (kind.startsWith('proper-lockfile')) requireFromCore.resolve('proper-lockfile')
    return true
  } catch {
    return false
  }
}

async function openHeddle(dir) {
  const { threadLeases } = await import('@heddle/core/leases')
  const leases = threadLeases({ root: dir }, { HEDDLE_LOCK_DIR: dir })
  return async () => {
    const lease = await leases.acquire({ name: 'benchmark', scope: 'machine' })
    return () => lease.release()
  }
}

/** Its lock is a directory beside a file that need not exist. */
function openProperLockfile(dir, options) {
  const { lock } = requireFromCore('proper-lockfile')
  return () => lock(join(dir, 'benchmark'), { realpath: false, ...options })
}
