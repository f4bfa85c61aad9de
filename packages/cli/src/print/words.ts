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
