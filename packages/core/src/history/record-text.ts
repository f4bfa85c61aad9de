import { areHeldColumns } from './held-columns.js'
import { OUTCOMES, type Columns, type RunHeader, type RunRecord, type ShardOfRun } from './run-record.js'

const FORMAT = 'heddle-history'
const VERSION = 1
const COLUMNS = ['durationMs', 'waitMs', 'tests', 'retries', 'outcome', 'partial', 'load'] as const
/** What the numbers of a column must stay below. */
const LIMITS: Partial<Record<keyof Columns, number>> = { outcome: OUTCOMES.length, partial: 2 }

const HEADER: Readonly<Record<Exclude<keyof RunHeader, 'shard'>, (value: unknown) => boolean>> = {
  runId: isString,
  isPipeline: isBoolean,
  startedAt: isCount,
  host: isString,
  hostVersion: isString,
  root: isString,
  platform: isString,
  nodeMajor: isCount,
  workers: isPositive,
  cpus: isPositive,
  isCold: isBoolean,
}
const SHARD: Readonly<Record<keyof ShardOfRun, (value: unknown) => boolean>> = {
  index: isPositive,
  count: isPositive,
  fingerprint: isString,
}

/**
 * A record as three lines of JSON: header, keys, columns. The keys stand alone so that the reader need not parse
 * (or keep) them again for every run over the same files; columns of zeros are left out. What files held stands with the
 * columns as `held`, if there is any: per name and mode, the files that did and for how long.
 */
export function formatRecord({ header, keys, columns, held }: RunRecord): string {
  const used = COLUMNS.filter((name) => columns[name].some((value) => value !== 0))
  const written = { ...Object.fromEntries(used.map((name) => [name, columns[name]])), held }
  return [{ format: FORMAT, version: VERSION, ...header }, keys, written]
    .map((part) => `${JSON.stringify(part)}\n`)
    .join('')
}

/** The record, or why the text is none: `reason` completes the sentence "skipped, because …". */
export type ParsedRecord =
  | { readonly kind: 'record'; readonly record: RunRecord }
  | { readonly kind: 'unusable'; readonly reason: string }

/** Reads records; remembers the last keys line, because neighbouring runs mostly cover the same files. */
export function createRecordParser(): (text: string) => ParsedRecord {
  let lastLine: string | undefined
  let lastKeys: readonly string[] = []
  const parseKeys = (line: string): readonly string[] | undefined => {
    if (line === lastLine) return lastKeys
    const keys: unknown = JSON.parse(line)
    if (!isSortedStrings(keys)) return undefined
    lastLine = line
    lastKeys = keys
    return keys
  }
  return (text) => {
    try {
      return parse(text, parseKeys)
    } catch {
      return unusable('it is not valid JSON (cut off or damaged)')
    }
  }
}

function parse(text: string, parseKeys: (line: string) => readonly string[] | undefined): ParsedRecord {
  const [first, second, third, rest] = text.split('\n')
  const header: unknown = JSON.parse(first ?? '')
  if (!isObject(header) || header['format'] !== FORMAT) return unusable('it was not written by heddle')
  if (header['version'] !== VERSION)
    return unusable(`its format version is ${String(header['version'])}, this heddle reads ${VERSION}`)
  if (second === undefined || third === undefined || rest === undefined) return unusable('it is cut off')
  const damaged = damagedField(header)
  if (damaged !== undefined) return unusable(`its header is damaged (${damaged})`)
  const keys = parseKeys(second)
  const files = keys && readFiles(JSON.parse(third), keys)
  if (files === undefined) return unusable('its files are damaged')
  return { kind: 'record', record: { header: knownFields(header), ...files } }
}

/** Later minor versions may write more. */
function knownFields(header: Record<string, unknown>): RunHeader {
  const names = [...Object.keys(HEADER), 'shard'].filter((name) => header[name] !== undefined)
  return Object.fromEntries(names.map((name) => [name, header[name]])) as unknown as RunHeader
}

function damagedField(header: Record<string, unknown>): string | undefined {
  const { shard } = header
  const ofHeader = Object.entries(HEADER).find(([name, isValid]) => !isValid(header[name]))
  if (ofHeader !== undefined) return ofHeader[0]
  if (shard === undefined) return undefined
  return isObject(shard) && Object.entries(SHARD).every(([name, isValid]) => isValid(shard[name])) ? undefined : 'shard'
}

function readFiles(value: unknown, keys: readonly string[]): Omit<RunRecord, 'header'> | undefined {
  if (!isObject(value)) return undefined
  const columns = readColumns(value, keys)
  const { held } = value
  if (columns === undefined || held === undefined) return columns && { keys, columns }
  return areHeldColumns(held, keys.length) ? { keys, columns, held } : undefined
}

function readColumns(value: Record<string, unknown>, keys: readonly string[]): Columns | undefined {
  const zeros = keys.map(() => 0)
  const columns: Record<string, readonly number[]> = {}
  for (const name of COLUMNS) {
    const column = value[name] ?? zeros
    if (!isCounts(column, keys.length, LIMITS[name] ?? Infinity)) return undefined
    columns[name] = column
  }
  return columns as unknown as Columns
}

function isCounts(value: unknown, length: number, below: number): value is readonly number[] {
  if (!Array.isArray(value) || value.length !== length) return false
  for (let i = 0; i < length; i++) {
    const entry = value[i] as number
    if (!Number.isInteger(entry) || entry < 0 || entry >= below) return false
  }
  return true
}

function isSortedStrings(value: unknown): value is readonly string[] {
  if (!Array.isArray(value)) return false
  for (let i = 0; i < value.length; i++) {
    if (typeof value[i] !== 'string' || (i > 0 && !(value[i - 1] < value[i]))) return false
  }
  return true
}

function isString(value: unknown): boolean {
  return typeof value === 'string'
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean'
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0
}

function isPositive(value: unknown): boolean {
  return isCount(value) && value !== 0
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function unusable(reason: string): ParsedRecord {
  return { kind: 'unusable', reason }
}
