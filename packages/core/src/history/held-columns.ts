import type { HeldTime } from '../serial/held-times.js'

/** How long the files of a record held one name in one mode; files that did not are not there. */
export interface HeldColumn extends Pick<HeldTime, 'name' | 'mode'> {
  /** The file's place among the keys, and ms ≥ 1, in turn; places ascend. */
  readonly times: readonly number[]
}

/** Sorted by name and mode; undefined if nobody held anything. */
export function heldColumnsOf(files: readonly (readonly HeldTime[] | undefined)[]): readonly HeldColumn[] | undefined {
  const columns = new Map<string, HeldColumn & { readonly times: number[] }>()
  files.forEach((held, place) => {
    for (const { name, mode, ms } of sumOf(held ?? [])) {
      if (ms < 1) continue
      const id = `${name} ${mode}`
      const column = columns.get(id) ?? { name, mode, times: [] }
      columns.set(id, column)
      column.times.push(place, ms)
    }
  })
  return columns.size === 0 ? undefined : [...columns.values()].sort(byName)
}

/** What each file held, by its place. */
export function heldByPlace(columns: readonly HeldColumn[]): Map<number, HeldTime[]> {
  const files = new Map<number, HeldTime[]>()
  for (const { name, mode, times } of columns) {
    for (let i = 0; i < times.length; i += 2) {
      const [place = 0, ms = 0] = [times[i], times[i + 1]]
      const held = files.get(place) ?? []
      files.set(place, held)
      held.push({ name, mode, ms })
    }
  }
  return files
}

/** One entry per name and mode, in whole milliseconds. */
export function sumOf(held: readonly HeldTime[]): HeldTime[] {
  const sums = new Map<string, HeldTime>()
  for (const { name, mode, ms } of held) {
    const id = `${name} ${mode}`
    sums.set(id, { name, mode, ms: (sums.get(id)?.ms ?? 0) + ms })
  }
  return Array.from(sums.values(), (one) => ({ ...one, ms: Number.isFinite(one.ms) ? Math.round(one.ms) : 0 }))
}

/** @param count how many files the record has */
export function areHeldColumns(value: unknown, count: number): value is readonly HeldColumn[] {
  return Array.isArray(value) && value.every((column) => isHeldColumn(column, count))
}

function isHeldColumn(column: Partial<Record<keyof HeldColumn, unknown>> | null, count: number): boolean {
  const { name, mode, times } = column ?? {}
  if (typeof name !== 'string' || (mode !== 'exclusive' && mode !== 'shared')) return false
  if (!Array.isArray(times) || times.length % 2 !== 0) return false
  let last = -1
  return times.every((value: unknown, i) => {
    if (!Number.isInteger(value)) return false
    if (i % 2 === 1) return Number(value) >= 1
    const isNext = Number(value) > last && Number(value) < count
    last = Number(value)
    return isNext
  })
}

function byName(a: HeldColumn, b: HeldColumn): number {
  const [left, right] = a.name === b.name ? [a.mode, b.mode] : [a.name, b.name]
  return left < right ? -1 : 1
}
