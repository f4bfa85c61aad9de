import type * as Valibot from 'valibot'

/** From the first to the last port. */
export type PortRange = readonly [first: number, last: number]

const MIN_PORT = 1024
const MAX_PORT = 65_535
const MIN_COUNT = 100

/** The value of `ports`. */
export function portRangeSchema(v: typeof Valibot) {
  return v.custom<PortRange>(
    isPortRange,
    `must be [first, last], at least ${MIN_COUNT} ports from ${MIN_PORT} to ${MAX_PORT}`,
  )
}

function isPortRange(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2 || !value.every(Number.isSafeInteger)) return false
  const [first, last] = value as unknown as PortRange
  return first >= MIN_PORT && last <= MAX_PORT && last - first + 1 >= MIN_COUNT
}
