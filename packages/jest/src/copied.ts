/**
 * Made of the arrays, objects, dates, maps and sets that tests have: those of heddle are from outside of Jest's sandbox, and
 * `toStrictEqual` tells them apart. Whatever has a class of its own stays what it is.
 */
export function copied<T>(value: T): T {
  return copyOf(value, new Map()) as T
}

function copyOf(value: unknown, known: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (known.has(value)) return known.get(value)
  switch (Object.prototype.toString.call(value)) {
    case '[object Array]':
      return fill(value, [], known)
    case '[object Object]':
      return isPlain(value) ? fill(value, {}, known) : value
    case '[object Date]':
      return new Date(value as Date)
    case '[object Map]':
      return copyOfMap(value as Map<unknown, unknown>, known)
    case '[object Set]':
      return copyOfSet(value as Set<unknown>, known)
    default:
      return value
  }
}

function fill(from: object, to: object, known: Map<object, unknown>): object {
  known.set(from, to)
  for (const [key, value] of Object.entries(from)) {
    const own = { value: copyOf(value, known), writable: true, enumerable: true, configurable: true }
    Object.defineProperty(to, key, own)
  }
  if (Array.isArray(from)) Object.assign(to, { length: from.length })
  return to
}

function copyOfMap(from: Map<unknown, unknown>, known: Map<object, unknown>): Map<unknown, unknown> {
  const to = new Map<unknown, unknown>()
  known.set(from, to)
  for (const [key, value] of from) to.set(copyOf(key, known), copyOf(value, known))
  return to
}

function copyOfSet(from: Set<unknown>, known: Map<object, unknown>): Set<unknown> {
  const to = new Set<unknown>()
  known.set(from, to)
  for (const value of from) to.add(copyOf(value, known))
  return to
}

/** Whether it is a mere object, of whichever realm. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
