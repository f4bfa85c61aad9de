import {
  displayKey,
  formatMs,
  type LowerBound,
  type Membership,
  type OrderPlan,
  type ScheduledJob,
  type ShardPlan,
} from '@heddle/core'
import { quoteName } from '@heddle/core/leases'
import type { DemandingJob } from '../plan-groups.js'
import type { Colors } from './colors.js'
import { expectedTime } from './expected-time.js'
import { formatTable, type Column } from './table.js'
import { oneLine, percent, plural } from './words.js'

interface OrderShown {
  readonly workers: number
  readonly limit: number
  readonly colors: Colors
}

/** What starts when on which worker, and how good that is. */
export function formatOrder(
  { jobs, expectedMakespanMs, lowerBound }: OrderPlan,
  scheduled: readonly ScheduledJob<DemandingJob>[],
  { workers, limit, colors }: OrderShown,
): string {
  const shown = scheduled.slice(0, limit)
  const columns = ORDER_COLUMNS.filter(({ isNeeded = () => true }) => scheduled.some(({ job }) => isNeeded(job)))
  const rows = shown.map((start) => columns.map(({ cell }) => cell(start, colors)))
  const rest = jobs.length - shown.length
  const more = rest === 0 ? '' : colors.dim(`… and ${plural(rest, 'later file')} (--all shows them)\n`)
  const size = `${plural(jobs.length, 'file')} on ${plural(workers, 'worker')}`
  return `${size}, ${formatBound(expectedMakespanMs, lowerBound)}\n\n${formatTable(columns, rows)}${more}`
}

interface OrderColumn extends Column {
  readonly cell: (start: ScheduledJob<DemandingJob>, colors: Colors) => string
  /** Left out if no file needs it. @default always */
  readonly isNeeded?: (job: DemandingJob) => boolean
}

const ORDER_COLUMNS: readonly OrderColumn[] = [
  { title: 'START', align: 'right', cell: ({ startMs }) => formatMs(startMs) },
  { title: 'WORKER', align: 'right', cell: ({ worker }) => String(worker) },
  { title: 'EXPECTED', align: 'right', cell: ({ job }) => expectedTime(job) },
  {
    title: 'WEIGHT',
    align: 'right',
    cell: ({ job }) => String(job.demand.weight),
    isNeeded: ({ demand }) => demand.weight !== 1,
  },
  {
    title: 'GROUPS',
    align: 'left',
    cell: ({ job }) => job.demand.groups.map(nameOfMembership).join(', '),
    isNeeded: ({ demand }) => demand.groups.length > 0,
  },
  {
    title: 'FILE',
    align: 'left',
    cell: ({ job }, colors) => displayKey(job.key) + (job.hasFailed ? ` ${colors.red('failed')}` : ''),
  },
]

function nameOfMembership({ group, mode }: Membership): string {
  return oneLine(mode === 'exclusive' ? `${group} (exclusive)` : group)
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

function formatBound(makespanMs: number, { ms, key, group, chain }: LowerBound): string {
  const ratio = ms > 0 ? `${(makespanMs / ms).toFixed(2)}× ` : ''
  const ofFiles = key === undefined ? 'the sum of all files' : displayKey(key)
  const ofSome = chain === undefined ? ofFiles : `${plural(chain, 'file')} of which no two can run at once`
  const setBy = group === undefined ? ofSome : `group ${oneLine(quoteName(group))}`
  return `${formatMs(makespanMs)} expected, ${ratio}the lower bound of ${formatMs(ms)} set by ${setBy}`
}
