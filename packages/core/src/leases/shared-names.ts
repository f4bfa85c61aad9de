/** What a lease of something shared is for: to use it, or to make it. */
export type SharedLeaseUse = 'use' | 'make'

/** @param run its directory's name; empty for what all runs share */
export function sharedLeaseName(use: SharedLeaseUse, run: string, key: string): string {
  return `shared-${use}:${run}:${key}`
}

/** `shared("database")`; undefined for names of other leases. */
export function describeSharedLease(name: string): string | undefined {
  const [, use, key] = /^shared-(use|make):[^:]*:([\s\S]*)$/.exec(name) ?? []
  if (key === undefined) return undefined
  const words = `shared(${JSON.stringify(key)})`
  return use === 'make' ? `the making of ${words}` : words
}
