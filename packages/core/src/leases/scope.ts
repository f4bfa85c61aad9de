/**
 * Who shares a name: the workers of one run, all runs in all packages and git worktrees of a workspace, or everything this
 * user runs on the machine.
 */
export type LeaseScope = 'run' | 'workspace' | 'machine'

/** From the narrowest to the widest. */
export const LEASE_SCOPES: readonly LeaseScope[] = ['run', 'workspace', 'machine']

/** How long to wait for a lease if nobody says, ms. */
export const DEFAULT_TIMEOUT_MS = 600_000

/** Where in the global object a realm finds the leases of its thread; see {@link threadLeases}. */
export const THREAD_LEASES = Symbol.for('heddle.leases.v1')
