import { processState } from './process-state.js'

/**
 * A name for a value that holds options: two have the same only if they mean the same. JSON alone drops the functions of
 * rules and makes all regular expressions equal; a function is only ever the same as itself.
 */
export function optionsId(options: unknown): string {
  return JSON.stringify(options, (_, value: unknown) => {
    if (typeof value === 'function') return { function: idOf(value) }
    // Those of a config that was loaded into another context are no instances of RegExp here.
    if (Object.prototype.toString.call(value) === '[object RegExp]') return { pattern: String(value) }
    return value === Infinity ? { number: 'Infinity' } : value
  })
}

function idOf(value: object): number {
  const { functions } = processState()
  const id = functions.ids.get(value) ?? ++functions.latest
  functions.ids.set(value, id)
  return id
}
