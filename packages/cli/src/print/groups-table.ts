import { displayKey, formatMs } from '@heddle/core'
import { quoteName } from '@heddle/core/leases'
import type { DemandingJob, GroupMember, GroupReport } from '../plan-groups.js'
import type { Colors } from './colors.js'
import { expectedTime } from './expected-time.js'
import { formatTable, type Column } from './table.js'
import { oneLine, plural } from './words.js'

export interface GroupsShown {
  /** How many files of each group. */
  readonly limit: number
  readonly colors: Colors
  /** The group that no schedule can be faster than, if it is one. */
  readonly boundGroup: string | undefined
}

/** Groups for people: limit, scope, who is in them, and why. */
export function formatGroups(reports: readonly GroupReport[], shown: GroupsShown): string {
  return reports.map((report) => formatGroup(report, shown)).join('\n')
}

/** Files that have a weight or a priority, but no group. */
export function formatUngrouped(jobs: readonly DemandingJob[], shown: GroupsShown): string {
  const title = `${shown.colors.bold('(no group)')}: ${plural(jobs.length, 'file')} with a weight or a priority\n`
  return title + formatRows(UNGROUPED_COLUMNS, jobs, shown)
}

function formatGroup(report: GroupReport, shown: GroupsShown): string {
  const { group, members, testRules } = report
  const limit = group.limit === Infinity ? 'no limit' : `limit ${group.limit}`
  const title = `${shown.colors.bold(oneLine(quoteName(group.name)))}, ${limit}, scope ${group.scope}`
  const table = members.length === 0 ? '' : formatRows(memberColumns(report), members, shown)
  const tests = testRules.map((because) => `Single tests: ${oneLine(because)}\n`).join('')
  return `${title}: ${describeWork(report, shown)}\n${table}${tests}`
}

function describeWork(
  { group, members, testRules, workMs, atLeastMs }: GroupReport,
  { colors, boundGroup }: GroupsShown,
): string {
  if (members.length === 0) return testRules.length === 0 ? colors.yellow('nobody uses it') : 'no whole file'
  const work = `${plural(members.length, 'file')}, ${formatMs(workMs)} of work, ${formatMs(atLeastMs)} at the least`
  return group.name === boundGroup ? `${work}; it ${colors.yellow('sets the lower bound')}` : work
}

interface CellColumn<R> extends Column {
  readonly cell: (row: R) => string
  /** Left out if no row needs it. @default always */
  readonly isNeeded?: (row: R) => boolean
}

function formatRows<R>(columns: readonly CellColumn<R>[], rows: readonly R[], { limit, colors }: GroupsShown): string {
  const shown = rows.slice(0, limit)
  const needed = columns.filter(({ isNeeded = () => true }) => shown.some(isNeeded))
  const table = formatTable(
    needed,
    shown.map((row) => needed.map(({ cell }) => oneLine(cell(row)))),
  )
  const rest = rows.length - shown.length
  return rest === 0 ? table : table + colors.dim(`… and ${plural(rest, 'file')} with less work (--all shows them)\n`)
}

function memberColumns({ group: { limit } }: GroupReport): CellColumn<GroupMember>[] {
  return [
    right('EXPECTED', ({ job }) => expectedTime(job)),
    {
      ...left('TAKES', ({ mode, permits }) => describePermits(mode, permits, limit)),
      isNeeded: ({ mode, permits }) => mode === 'exclusive' || permits > 1,
    },
    {
      ...right('PRIORITY', ({ job }) => String(job.demand.priority)),
      isNeeded: ({ job }) => job.demand.priority !== 0,
    },
    left('FILE', ({ job }) => displayKey(job.key)),
    left('WHY', ({ because }) => because.join('; ')),
  ]
}

const UNGROUPED_COLUMNS: readonly CellColumn<DemandingJob>[] = [
  right('EXPECTED', (job) => expectedTime(job)),
  right('WEIGHT', ({ demand }) => String(demand.weight)),
  right('PRIORITY', ({ demand }) => String(demand.priority)),
  left('FILE', ({ key }) => displayKey(key)),
  left('WHY', ({ reasons }) => [...new Set(reasons.map(({ because }) => because))].join('; ')),
]

function describePermits(mode: GroupMember['mode'], permits: number, limit: number): string {
  if (mode === 'exclusive') return 'all, exclusive'
  return permits === limit && limit > 1 ? 'all' : String(permits)
}

function left<R>(title: string, cell: (row: R) => string): CellColumn<R> {
  return { title, align: 'left', cell }
}

function right<R>(title: string, cell: (row: R) => string): CellColumn<R> {
  return { title, align: 'right', cell }
}
