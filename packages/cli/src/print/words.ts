/** `1 file`, `3 files`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** `12.5%`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`
}

const MINUTE = 60_000
const UNITS = [
  { ms: 24 * 60 * MINUTE, noun: 'd' },
  { ms: 60 * MINUTE, noun: 'h' },
  { ms: MINUTE, noun: 'min' },
] as const

/** `3 h ago`, `just now`. */
export function formatAge(ms: number): string {
  const unit = UNITS.find((candidate) => ms >= candidate.ms)
  return unit === undefined ? 'just now' : `${Math.floor(ms / unit.ms)} ${unit.noun} ago`
}

/** `12 s`, `3 min 05 s`, `2 h 14 min`: how long something has lasted, in whole seconds. */
export function formatSpan(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000)
  const minutes = Math.floor(seconds / 60)
  if (minutes === 0) return `${seconds} s`
  return minutes < 60
    ? pair(minutes, 'min', seconds % 60, 's')
    : pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
}

function pair(large: number, unit: string, small: number, smallUnit: string): string {
  return `${large} ${unit} ${String(small).padStart(2, '0')} ${smallUnit}`
}

/** Without line breaks and whatever else would move the cursor: for text that others wrote. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ')
}

/** `2026-03-01 14:05`, UTC. */
export function formatTime(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}

const LONG_LIST = 20

/** One line per item, the end of a long list only counted. */
export function atMost<T>(items: readonly T[], format: (item: T) => string): string[] {
  const lines = items.slice(0, LONG_LIST).map(format)
  return items.length > LONG_LIST ? [...lines, `… and ${items.length - LONG_LIST} more`] : lines
}

/** `8.1 MB`, `640 kB`. */
export function formatBytes(bytes: number): string {
  const unit = BYTE_UNITS.find(({ size }) => bytes >= size)
  if (unit === undefined) return `${bytes} B`
  const count = bytes / unit.size
  return `${count.toFixed(count < 10 ? 1 : 0)} ${unit.name}`
}

const BYTE_UNITS = [
  { size: 1e9, name: 'GB' },
  { size: 1e6, name: 'MB' },
  { size: 1e3, name: 'kB' },
] as const
