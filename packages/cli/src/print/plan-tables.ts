import { displayKey, formatMs, scheduleJobs, type LowerBound, type OrderPlan, type ShardPlan } from '@heddle/core'
import type { Colors } from './colors.js'
import { expectedTime } from './expected-time.js'
import { formatTable, type Column } from './table.js'
import { percent, plural } from './words.js'

interface OrderShown {
  readonly workers: number
  readonly limit: number
  readonly colors: Colors
}

/** What starts when on which worker, and how good that is. */
export function formatOrder(order: OrderPlan, { workers, limit, colors }: OrderShown): string {
  const { jobs, expectedMakespanMs, lowerBound } = order
  const columns: Column[] = [
    { title: 'START', align: 'right' },
    { title: 'WORKER', align: 'right' },
    { title: 'EXPECTED', align: 'right' },
    { title: 'FILE', align: 'left' },
  ]
  const shown = scheduleJobs(jobs, workers).slice(0, limit)
  const rows = shown.map(({ job, worker, startMs }) => [
    formatMs(startMs),
    String(worker),
    expectedTime(job),
    job.hasFailed ? `${displayKey(job.key)} ${colors.red('failed')}` : displayKey(job.key),
  ])
  const rest = jobs.length - shown.length
  const more = rest === 0 ? '' : colors.dim(`… and ${plural(rest, 'later file')} (--all shows them)\n`)
  const size = `${plural(jobs.length, 'file')} on ${plural(workers, 'worker')}`
  return `${size}, ${formatBound(expectedMakespanMs, lowerBound)}\n\n${formatTable(columns, rows)}${more}`
}

interface ShardsShown {
  /** What a machine with so many workers needs for each shard. */
  readonly machine: { readonly workers: number; readonly makespansMs: readonly number[] } | undefined
  readonly colors: Colors
}

/** One line per shard, and how to use the plan. */
export function formatShards(plan: ShardPlan, { machine, colors }: ShardsShown): string {
  const totalMs = plan.shards.reduce((sum, shard) => sum + shard.expectedMs, 0)
  const idealMs = totalMs / plan.shards.length
  const titles = ['SHARD', 'FILES', 'EXPECTED', 'SHARE', 'OF IDEAL']
  const columns: Column[] = titles
    .concat(machine === undefined ? [] : [`ON ${plural(machine.workers, 'WORKER').toUpperCase()}`])
    .map((title) => ({ title, align: 'right' }))
  const rows = plan.shards.map(({ index, keys, expectedMs }) => [
    `${index}/${plan.shards.length}`,
    String(keys.length),
    formatMs(expectedMs),
    percent(expectedMs / totalMs),
    `${(expectedMs / idealMs).toFixed(3)}×`,
    ...(machine === undefined ? [] : [formatMs(machine.makespansMs[index - 1] ?? 0)]),
  ])
  const hint = colors.dim(
    `To use it: heddle plan --shards ${plan.shards.length} > plan.json, then HEDDLE_SHARD_PLAN=plan.json on every machine.\n`,
  )
  return `${formatShardBound(plan)}\n\n${formatTable(columns, rows)}\n${hint}`
}

/** The whole plan in one line. */
export function formatShardBound({ shards, lowerBound }: ShardPlan): string {
  const files = shards.reduce((sum, shard) => sum + shard.keys.length, 0)
  const longestMs = Math.max(...shards.map((shard) => shard.expectedMs))
  return `${plural(files, 'file')} in ${plural(shards.length, 'shard')}, ${formatBound(longestMs, lowerBound)}`
}

function formatBound(makespanMs: number, { ms, key }: LowerBound): string {
  const ratio = ms > 0 ? `${(makespanMs / ms).toFixed(2)}× ` : ''
  const setBy = key === undefined ? 'the sum of all files' : displayKey(key)
  return `${formatMs(makespanMs)} expected, ${ratio}the lower bound of ${formatMs(ms)} set by ${setBy}`
}
