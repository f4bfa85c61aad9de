import { addToError } from './add-to-error.js'
import { fullNameOf } from './circus-tree.js'
import type { CircusTest } from './circus-types.js'
import { withPlaceOf } from './with-place-of.js'

/** What is left of an attempt that has ended. */
export interface Remains {
  /** What was kept for people to look at: directories, databases. */
  readonly kept: readonly string[]
  /** Why it has to fail. */
  readonly failures: readonly Error[]
}

/** Tells it where people look for it: what fails a test, and what was kept beside its failure. */
export function reportRemains(test: CircusTest, { kept, failures }: Remains, print: (line: string) => void): void {
  for (const failure of failures) test.errors.push(withPlaceOf(test, failure))
  if (kept.length === 0) return
  const paragraph = kept.map((what) => `Kept: ${what}`).join('\n')
  const last = test.errors.length - 1
  const changed = last < 0 ? undefined : addToError(test.errors[last], paragraph)
  if (changed !== undefined) test.errors[last] = changed
  else printKept(`"${fullNameOf(test)}"`, kept, print)
}

/** @param whose it was, for people */
export function printKept(whose: string, kept: readonly string[], print: (line: string) => void): void {
  for (const what of kept) print(`after ${whose}: Kept: ${what}`)
}
