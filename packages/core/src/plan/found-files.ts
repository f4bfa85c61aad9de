import { readFileSync, writeFileSync } from 'node:fs'
import { HeddleError, reasonOf } from '../errors.js'
import { NO_DEMAND, type Demand, type Group, type Membership } from '../groups/demand.js'
import { LEASE_SCOPES } from '../leases/scope.js'
import { withValibot } from '../options/with-valibot.js'
import type { FoundFile } from './estimate-jobs.js'

/**
 * When this environment variable names a file, an adapter whose host only lists its tests writes there what it found.
 * It is how the command line learns what a host names its files, and what rules of the host's own config mean, without
 * knowing the host: functions and regular expressions live only there.
 */
export const FOUND_FILES_VARIABLE = 'HEDDLE_FOUND_FILES'

/** Why a file needs what it needs. */
export interface DemandReason {
  /** What it decided. */
  readonly setting: 'group' | 'weight' | 'priority'
  /** Which group, if it is one. */
  readonly group?: string
  /** For people: `rules[0] of heddle.config.ts (files "test/db/**")`, `line 3: group("postgres")`. */
  readonly because: string
}

/** A rule about single tests: which of them it means is known only where they run. */
export interface FoundTestRule {
  readonly groups: readonly Membership[]
  /** As in {@link DemandReason}. */
  readonly because: string
}

/** A file as the command line sees it. */
export interface FoundFileDemand extends FoundFile {
  readonly demand: Demand
  /** What it is scheduled as a member of without being one: its tests hold it for most of the time. */
  readonly hints: readonly Membership[]
  readonly reasons: readonly DemandReason[]
}

/** Everything that a host which only lists its tests tells. */
export interface FoundFiles {
  readonly files: readonly FoundFileDemand[]
  readonly groups: readonly Group[]
  readonly testRules: readonly FoundTestRule[]
  /** A group that nobody uses, a glob that matches nothing. */
  readonly warnings: readonly string[]
}

/** What is written of a plan of groups; `GroupPlan` is one. */
export interface ListedGroups {
  readonly groups: ReadonlyMap<string, Group>
  readonly listedTestRules: readonly FoundTestRule[]
  readonly warnings: readonly string[]
  demandOf(key: string): Demand
  hintsOf(key: string): readonly Membership[]
  reasonsOf(key: string): readonly DemandReason[]
}

/** Writes key, stage, batch, demand, hints and reasons; what an adapter attached to a file for itself stays behind. */
export function writeFoundFiles(file: string, files: readonly FoundFile[], plan?: ListedGroups): void {
  const found = {
    files: files.map(({ key, stage, batch }) => ({
      key,
      stage,
      batch,
      demand: plan?.demandOf(key) ?? NO_DEMAND,
      hints: plan?.hintsOf(key) ?? [],
      reasons: plan?.reasonsOf(key) ?? [],
    })),
    groups: Array.from(plan?.groups.values() ?? [], ({ name, limit, scope }) => ({ name, limit, scope })),
    testRules: plan?.listedTestRules ?? [],
    warnings: plan?.warnings ?? [],
  }
  // JSON has no Infinity: it writes null.
  writeFileSync(file, JSON.stringify(found))
}

const parseFound = withValibot((v) => {
  const membership = v.object({ group: v.string(), mode: v.picklist(['shared', 'exclusive']) })
  const limit = v.pipe(
    v.nullable(v.number()),
    v.transform((value) => value ?? Infinity),
  )
  const demand = v.object({
    groups: v.array(membership),
    weight: v.union([v.number(), v.literal('all')]),
    priority: v.number(),
  })
  const reason = v.object({
    setting: v.picklist(['group', 'weight', 'priority']),
    group: v.exactOptional(v.string()),
    because: v.string(),
  })
  const found = {
    key: v.string(),
    stage: v.exactOptional(v.number()),
    batch: v.exactOptional(v.string()),
    demand,
    hints: v.array(membership),
    reasons: v.array(reason),
  }
  return v.parser(
    v.object({
      files: v.array(v.object(found)),
      groups: v.array(v.object({ name: v.string(), limit, scope: v.picklist(LEASE_SCOPES) })),
      testRules: v.array(v.object({ groups: v.array(membership), because: v.string() })),
      warnings: v.array(v.string()),
    }),
  )
})

/** @throws HeddleError `HEDDLE_HOST_FAILED` */
export function readFoundFiles(file: string): FoundFiles {
  try {
    return parseFound()(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    throw new HeddleError('HEDDLE_HOST_FAILED', {
      problem: `Cannot read the list of test files "${file}": ${reasonOf(error)}`,
      fix: 'check that the host runs with heddle (one line in vitest.config.ts, or withHeddle in jest.config.js).',
      cause: error,
    })
  }
}
