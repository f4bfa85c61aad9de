import { formatShardPlan, HeddleError, makespanOf, planOrder, planShards, type Job, type ShardPlan } from '@heddle/core'
import { colorsFor } from '../print/colors.js'
import { formatShards, formatShardBound } from '../print/plan-tables.js'
import { plural } from '../print/words.js'
import type { Terminal } from '../terminal.js'
import type { TimedFiles } from '../time-files.js'

interface Wanted {
  readonly shards: number
  /** Workers of each machine, to tell how long its shard takes. */
  readonly workers?: number
  readonly json?: boolean
}

/**
 * Splits the files. A terminal gets a table; anything else gets the plan file and nothing but it on standard output,
 * for `HEDDLE_SHARD_PLAN`.
 *
 * @throws HeddleError `HEDDLE_SHARDS_INVALID`
 */
export function writeShardPlan({ jobs, note }: TimedFiles, wanted: Wanted, { stdout, stderr, env }: Terminal): void {
  const { shards, workers, json } = wanted
  const files = new Set(jobs.map(({ key }) => key)).size
  if (shards > files) throw tooManyShards(shards, files)
  const plan = planShards(jobs, shards)
  if (note !== undefined) stderr.write(`heddle: ${note}\n`)
  if (json === true || stdout.isTTY !== true) {
    stdout.write(formatShardPlan(plan))
    stderr.write(`heddle: ${formatShardBound(plan)}\n`)
    return
  }
  const machine = workers === undefined ? undefined : { workers, makespansMs: makespansOf(plan, jobs, workers) }
  stdout.write(formatShards(plan, { machine, colors: colorsFor(stdout, env) }))
}

/** How long each shard takes on a machine of its own. */
function makespansOf({ shards }: ShardPlan, jobs: readonly Job[], workers: number): number[] {
  return shards.map(({ keys }) => {
    const own = new Set(keys)
    const order = planOrder(
      jobs.filter(({ key }) => own.has(key)),
      { workers },
    )
    return makespanOf(order.jobs, workers)
  })
}

function tooManyShards(shards: number, files: number): HeddleError {
  return new HeddleError('HEDDLE_SHARDS_INVALID', {
    problem: `Cannot split ${plural(files, 'file')} into "${shards}" shards: some would be empty, and hosts fail on those`,
    fix: `use --shards ${files} or fewer.`,
  })
}
