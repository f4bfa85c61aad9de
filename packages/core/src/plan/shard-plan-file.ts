import { readFileSync } from 'node:fs'
import { HeddleError, reasonOf } from '../errors.js'
import { withValibot } from '../options/with-valibot.js'
import { compareKeys, displayKey } from '../workspace/job-key.js'
import { fingerprintOf, sortedUnits, type Shard, type ShardJob, type ShardPlan } from './plan-shards.js'

const parsePlan = withValibot((v) => {
  const count = v.pipe(v.number(), v.integer(), v.minValue(0))
  const shard = v.object({ index: count, expectedMs: count, keys: v.array(v.string()) })
  const shards = v.pipe(
    v.array(shard),
    v.minLength(1),
    v.check((list) => list.every(({ index }, i) => index === i + 1), 'its shards are not numbered 1 to n'),
  )
  const lowerBound = v.object({ ms: v.number(), key: v.optional(v.string()) })
  return v.parser(
    v.object({ format: v.literal('heddle-plan'), version: v.literal(1), fingerprint: v.string(), lowerBound, shards }),
  )
})

/** The text of a plan file, for `HEDDLE_SHARD_PLAN`. */
export function formatShardPlan({ fingerprint, lowerBound, shards }: ShardPlan): string {
  return `${JSON.stringify({ format: 'heddle-plan', version: 1, fingerprint, lowerBound, shards }, null, 2)}\n`
}

/** @throws HeddleError `HEDDLE_PLAN_UNREADABLE` also when a file was edited and its fingerprint no longer holds */
export function readShardPlan(file: string): ShardPlan {
  try {
    const { fingerprint, lowerBound, shards } = parsePlan()(JSON.parse(readFileSync(file, 'utf8')))
    if (fingerprintOf(shards.map((shard) => shard.keys)) !== fingerprint) {
      throw new Error('its fingerprint does not fit its files; it was edited or damaged')
    }
    return { fingerprint, lowerBound: { ms: lowerBound.ms, key: lowerBound.key }, shards }
  } catch (error) {
    throw new HeddleError('HEDDLE_PLAN_UNREADABLE', {
      problem: `Cannot read shard plan "${file}": ${reasonOf(error)}`,
      fix: 'create it with `heddle plan --shards <n> > plan.json` in one job and hand that file to every shard.',
      cause: error,
    })
  }
}

interface FitOptions {
  /** The file the plan came from, for messages. */
  readonly file: string
  /** What to do about files that the plan does not know: refuse, or add them to the lightest shards. */
  readonly newFiles: 'refuse' | 'lightest'
}

/**
 * The plan, made to cover exactly `jobs`.
 *
 * @throws HeddleError `HEDDLE_PLAN_MISMATCH` if the plan has files that do not exist, or misses files and `newFiles` is `refuse`
 */
export function fitShardPlan(plan: ShardPlan, jobs: readonly ShardJob[], { file, newFiles }: FitOptions): ShardPlan {
  const found = new Set(jobs.map((job) => job.key))
  const planned = new Set(plan.shards.flatMap((shard) => shard.keys))
  const gone = [...planned].filter((key) => !found.has(key))
  const added = jobs.filter((job) => !planned.has(job.key))
  if (gone.length > 0 || (added.length > 0 && newFiles === 'refuse')) throw mismatch(file, gone, added)
  return added.length === 0 ? plan : addToLightest(plan, added)
}

function addToLightest(plan: ShardPlan, added: readonly ShardJob[]): ShardPlan {
  const shards: Shard[] = [...plan.shards]
  for (const { key, expectedMs } of sortedUnits(added)) {
    const lightest = shards.reduce((a, b) => (b.expectedMs < a.expectedMs ? b : a))
    const keys = [...lightest.keys, key].sort(compareKeys)
    shards[lightest.index - 1] = { ...lightest, expectedMs: lightest.expectedMs + expectedMs, keys }
  }
  return { ...plan, shards, fingerprint: fingerprintOf(shards.map((shard) => shard.keys)) }
}

function mismatch(file: string, gone: readonly string[], added: readonly ShardJob[]): HeddleError {
  const parts = [
    ...(gone.length > 0 ? [`${gone.length} planned, not found (${sample(gone)})`] : []),
    ...(added.length > 0 ? [`${added.length} found, not planned (${sample(added.map((job) => job.key))})`] : []),
  ]
  return new HeddleError('HEDDLE_PLAN_MISMATCH', {
    problem: `Cannot use shard plan "${file}": it does not cover exactly the test files found: ${parts.join('; ')}`,
    fix: 'make the plan from this commit and with the same filters as the shards, or set `shards: { newFiles: "lightest" }` to let new files join the lightest shard.',
  })
}

function sample(keys: readonly string[]): string {
  const shown = keys.slice(0, 3).map(displayKey).join(', ')
  return keys.length > 3 ? `${shown}, …` : shown
}
