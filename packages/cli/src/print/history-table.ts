import { formatMs, parseJobKey, type FileInventory, type HistoryInventory, type MeasuredRuns } from '@heddle/core'
import type { Colors } from './colors.js'
import { formatTable, type Column } from './table.js'
import { formatAge, formatTime, percent, plural } from './words.js'

interface Shown {
  readonly limit: number
  readonly now: number
  readonly colors: Colors
}

/** The inventory for people: a few lines about the whole, then the slowest files. */
export function formatInventory(inventory: HistoryInventory, { limit, now, colors }: Shown): string {
  const shown = inventory.files.slice(0, limit)
  const columns = COLUMNS.filter(({ isNeeded = () => true }) => shown.some(isNeeded))
  const rows = shown.map((file) => columns.map(({ cell }) => cell(file, { now, colors })))
  const rest = inventory.files.length - shown.length
  const more = rest === 0 ? '' : colors.dim(`… and ${plural(rest, 'faster file')} (--all shows them)\n`)
  return `${formatHead(inventory)}\n${formatTable(columns, rows)}${more}`
}

function formatHead({ records, runs, period, platforms, totalMs, files }: HistoryInventory): string {
  const from = period === undefined ? '' : `, ${formatTime(period.firstAt)} to ${formatTime(period.lastAt)} UTC`
  return [
    `${plural(records, 'record')} of ${plural(runs, 'run')}${from} on ${platforms.join(', ')}`,
    `${plural(files.length, 'file')}, ${formatMs(totalMs)} in total`,
    '',
  ].join('\n')
}

interface InventoryColumn extends Column {
  readonly cell: (file: FileInventory, shown: Omit<Shown, 'limit'>) => string
  /** Left out if no file needs it. @default always */
  readonly isNeeded?: (file: FileInventory) => boolean
}

const COLUMNS: readonly InventoryColumn[] = [
  right('EXPECTED', ({ expectedMs }) => (expectedMs === undefined ? '–' : formatMs(expectedMs))),
  right('SHARE', ({ share }) => percent(share)),
  right('LAST', ({ measured }) => (measured === undefined ? '–' : formatMs(measured.lastMs))),
  right('RANGE', ({ measured }) => (measured === undefined ? '–' : formatRange(measured))),
  right('RUNS', ({ measured }) => String(measured?.runs ?? 0)),
  right('MEASURED', ({ measured }, { now }) => (measured === undefined ? '–' : formatAge(now - measured.lastAt))),
  {
    title: 'OUTCOME',
    align: 'left',
    cell: ({ hasFailed }, { colors }) => (hasFailed ? colors.red('failed') : ''),
    isNeeded: ({ hasFailed }) => hasFailed,
  },
  {
    title: 'PROJECT',
    align: 'left',
    cell: ({ key }) => parseJobKey(key).project,
    isNeeded: ({ key }) => parseJobKey(key).project !== '',
  },
  { title: 'FILE', align: 'left', cell: ({ key }) => parseJobKey(key).path },
]

function right(title: string, cell: InventoryColumn['cell']): InventoryColumn {
  return { title, align: 'right', cell }
}

function formatRange({ minMs, maxMs }: MeasuredRuns): string {
  return `${formatMs(minMs)} – ${formatMs(maxMs)}`
}
