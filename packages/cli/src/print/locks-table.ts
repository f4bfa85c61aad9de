import { isRunLeaseName, quoteName, type Participant, type ResourceStatus } from '@heddle/core/leases'
import type { Colors } from './colors.js'
import { formatTable, type Column } from './table.js'
import { formatSpan, oneLine, plural } from './words.js'

interface Shown {
  /** The directory that goes without saying. */
  readonly cwd: string
  readonly colors: Colors
}

/** Locks for people: who holds and who waits, in the order in which they came. */
export function formatLocks(locks: readonly ResourceStatus[], shown: Shown): string {
  return locks.map((lock) => formatLock(lock, shown)).join('\n')
}

function formatLock(lock: ResourceStatus, shown: Shown): string {
  const { holders, waiters } = lock
  const title = `${shown.colors.bold(oneLine(titleOf(lock)))}, ${factsOf(lock)}`
  const count = countOf(lock)
  if (count !== undefined) return `${title}: ${count}\n`
  const rows = [
    ...holders.map((who): Row => ({ who, lock, role: 'holds' })),
    ...waiters.map((who, i): Row => ({ who, lock, role: `waits ${i + 1}` })),
  ]
  const columns = COLUMNS.filter(({ isNeeded = () => true }) => rows.some((row) => isNeeded(row, shown)))
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row, shown)))
  return `${title}\n${formatTable(columns, cells)}${formatHint(lock, shown)}`
}

/** As a person would call it; the one that unkeyed serial tests take has an empty name. */
export function titleOf({ name, id }: ResourceStatus): string {
  return name === '' ? '(all serial tests)' : quoteName(name ?? id)
}

/** What to call it on the command line. */
export function argumentOf({ name, id }: ResourceStatus): string {
  const text = name ?? id
  return /^[\w.@:/][\w.@:/-]*$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

function factsOf({ scope, limit }: ResourceStatus): string {
  return `scope ${scope ?? 'unknown'}${limit === Infinity ? '' : `, limit ${limit}`}`
}

/** Who they are matters only to one who waits to be alone: every serial test with a key shares one, every worker of a run another. */
function countOf({ name = '?', holders, waiters }: ResourceStatus): string | undefined {
  if (waiters.length > 0 || holders.some(({ permits }) => permits === 'all')) return undefined
  if (name === '') return `shared by ${plural(holders.length, 'serial test')} with a key`
  return isRunLeaseName(name) ? `used by ${plural(holders.length, 'thread')}` : undefined
}

function formatHint(lock: ResourceStatus, { colors }: Shown): string {
  if (lock.holders.every(({ state }) => state !== 'unknown')) return ''
  return colors.dim(
    `A holder in another container or from an earlier boot: if it is gone, \`heddle locks --break ${argumentOf(lock)}\`\n`,
  )
}

interface Row {
  readonly who: Participant
  readonly lock: ResourceStatus
  readonly role: string
}

interface LockColumn extends Column {
  readonly cell: (row: Row, shown: Shown) => string
  /** Left out if no row needs it. @default always */
  readonly isNeeded?: (row: Row, shown: Shown) => boolean
}

const COLUMNS: readonly LockColumn[] = [
  { title: 'ROLE', align: 'left', cell: ({ role }) => role },
  { title: 'FOR', align: 'right', cell: ({ who }) => (who.forMs === undefined ? '–' : formatSpan(who.forMs)) },
  { title: 'PID', align: 'right', cell: ({ who }) => String(who.pid ?? '–') },
  { title: 'STATE', align: 'left', cell: ({ who }, { colors }) => formatState(who, colors) },
  { title: 'MODE', align: 'left', cell: formatMode },
  optional('RUN', ({ who }) => shortRun(who.run ?? '')),
  optional('FILE', ({ who }) => who.file ?? ''),
  optional('TEST', ({ who }) => who.test ?? ''),
  optional('DIRECTORY', ({ who }, { cwd }) => (who.cwd === cwd ? '' : (who.cwd ?? ''))),
]

function optional(title: string, cell: LockColumn['cell']): LockColumn {
  return {
    title,
    align: 'left',
    cell: (row, shown) => oneLine(cell(row, shown)),
    isNeeded: (row, shown) => cell(row, shown) !== '',
  }
}

const STATES = { running: 'running', stopped: 'stopped', gone: 'gone', unknown: 'cannot be judged' } as const

function formatState({ state }: Participant, { yellow }: Colors): string {
  return state === 'running' ? STATES[state] : yellow(STATES[state])
}

function formatMode({ who, lock }: Row): string {
  if (who.permits === 'all') return 'exclusive'
  return lock.limit === Infinity ? 'shared' : `${who.permits} of ${lock.limit}`
}

/** Eight digits of a UUID tell runs apart; other ids are the names of CI pipelines. */
function shortRun(run: string): string {
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(run) ? run.slice(0, 8) : run
}
