import type { ForeignKey } from './relation.js'

/** The tables whose rows refer to rows of `oid`, over any number of steps, and `oid` itself. */
export function referencing(oid: number, keys: readonly ForeignKey[]): ReadonlySet<number> {
  const found = new Set([oid])
  // A set grows while it is walked.
  for (const at of found) for (const key of keys) if (key.to === at) found.add(key.from)
  return found
}
