import { findLockDir, isGroupLeaseName, quoteName, type LeaseScope, type ResourceStatus } from '@heddle/core/leases'
import { EXIT } from '../exit-codes.js'
import { colorsFor } from '../print/colors.js'
import { argumentOf, formatLocks, titleOf } from '../print/locks-table.js'
import { oneLine } from '../print/words.js'
import { readLocks, selectLocks, type LockFilter } from '../read-locks.js'
import type { Terminal } from '../terminal.js'
import { roundMs } from './history.js'

export interface LocksOptions {
  readonly scope?: LeaseScope
  readonly json?: boolean
}

/** `heddle locks` */
export async function showLocks(
  name: string | undefined,
  { scope, json }: LocksOptions,
  terminal: Terminal,
): Promise<number> {
  const filter = { name, scope }
  const locks = await readLocks(terminal)
  terminal.stdout.write(
    json === true
      ? `${JSON.stringify(selectLocks(locks, filter), roundMs, 2)}\n`
      : describeLocks(locks, filter, terminal),
  )
  return EXIT.ok
}

/** What is held and waited for, or that nothing is. */
export function describeLocks(
  locks: readonly ResourceStatus[],
  filter: LockFilter,
  { stdout, env, cwd }: Terminal,
): string {
  const selected = selectLocks(locks, filter)
  if (selected.length > 0) return formatLocks(selected, { cwd, colors: colorsFor(stdout, env) })
  if (locks.length === 0) return `No lock is held: nobody is in "${findLockDir(env)}".\n`
  const what = filter.name === undefined ? 'a lock' : quoteName(filter.name)
  const where = filter.scope === undefined ? '' : ` with scope ${filter.scope}`
  return oneLine(`Nobody holds or waits for ${what}${where}; there are ${listTitles(locks)}.`) + '\n'
}

/** `"db", group "postgres" (group:postgres), (all serial tests)` */
export function listTitles(locks: readonly ResourceStatus[]): string {
  const titles = locks.map((lock) =>
    isGroupLeaseName(lock.name ?? '') ? `${titleOf(lock)} (${argumentOf(lock)})` : titleOf(lock),
  )
  return [...new Set(titles)].join(', ')
}
