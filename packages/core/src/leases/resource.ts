import { createHash } from 'node:crypto'
import { HeddleError } from '../errors.js'
import { findGitCommonDir } from '../workspace/git-common-dir.js'
import { quoteName } from './describe.js'
import type { LeaseScope } from './scope.js'

/** Something that cannot be used by all at once. */
export interface Resource {
  /** Any string. */
  readonly name: string
  readonly scope: LeaseScope
}

/** What tells the resources of one run or workspace from those of others. */
export interface Surroundings {
  /** A directory inside the workspace. */
  readonly root: string
  /** Needed for scope `run`. */
  readonly runId?: string | undefined
}

/**
 * The name of a resource's directory: readable in part, unique in whole, for any name on any file system.
 *
 * @throws HeddleError `HEDDLE_LEASE_INVALID` for scope `run` outside of a run
 */
export function resourceId({ name, scope }: Resource, surroundings: Surroundings): string {
  const hash = createHash('sha256')
    // JSON keeps apart whatever differs, also halves of surrogate pairs, which UTF-8 does not.
    .update(JSON.stringify([scope, realmOf(scope, name, surroundings), name]))
    .digest('hex')
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 24)
  return `${slug}-${hash.slice(0, 20)}`
}

/** Whether a file in the lock directory could be a resource's. */
export function isResourceId(name: string): boolean {
  return /^[a-z0-9-]{0,24}-[0-9a-f]{20}$/.test(name)
}

function realmOf(scope: LeaseScope, name: string, { root, runId }: Surroundings): string {
  if (scope === 'machine') return ''
  if (scope === 'workspace') return findGitCommonDir(root)
  if (runId !== undefined) return runId
  throw new HeddleError('HEDDLE_LEASE_INVALID', {
    problem: `Cannot acquire ${quoteName(name)} with scope "run": this process belongs to no run`,
    fix: 'use it in tests that run with heddle in the config, or choose scope "workspace" or "machine".',
  })
}
