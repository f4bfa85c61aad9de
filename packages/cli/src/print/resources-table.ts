import type { ResourceRow } from '@heddle/core'
import { maskUrl } from '../mask-url.js'
import type { Colors } from './colors.js'
import { formatTable, type Column } from './table.js'
import { formatAge, formatBytes, oneLine } from './words.js'

interface Shown {
  readonly now: number
  readonly colors: Colors
}

/** Everything that a resource has made, for people. */
export function formatResource(words: string, rows: readonly ResourceRow[], shown: Shown): string {
  const title = shown.colors.bold(words)
  if (rows.length === 0) return `${title}: nothing is there\n`
  const columns = COLUMNS.filter(({ isNeeded }) => isNeeded === undefined || rows.some(isNeeded))
  const cells = rows.map((row) => columns.map(({ cell }) => oneLine(cell(row, shown))))
  return `${title}\n${formatTable(columns, cells)}`
}

interface RowColumn extends Column {
  readonly cell: (row: ResourceRow, shown: Shown) => string
  /** Left out if no row needs it. @default always */
  readonly isNeeded?: (row: ResourceRow) => boolean
}

const COLUMNS: readonly RowColumn[] = [
  { title: 'KIND', align: 'left', cell: ({ kind }) => kind },
  { title: 'STATE', align: 'left', cell: ({ state }) => state },
  optional('SLOT', 'slot', ({ slot }) => String(slot ?? ''), 'right'),
  optional('USED', 'usedAt', ({ usedAt }, { now }) => formatUse(usedAt, now), 'right'),
  optional('SIZE', 'bytes', ({ bytes }) => (bytes === undefined ? '' : formatBytes(bytes)), 'right'),
  { title: 'NAME', align: 'left', cell: ({ name }) => name },
  optional('URL', 'url', ({ url }) => (url === undefined ? '' : maskUrl(url))),
  optional('NOTE', 'note', ({ note }) => note ?? ''),
]

function optional(
  title: string,
  key: keyof ResourceRow,
  cell: RowColumn['cell'],
  align: Column['align'] = 'left',
): RowColumn {
  return { title, align, cell, isNeeded: (row) => row[key] !== undefined }
}

function formatUse(usedAt: string | undefined, now: number): string {
  const at = Date.parse(usedAt ?? '')
  return Number.isNaN(at) ? '' : formatAge(now - at)
}
