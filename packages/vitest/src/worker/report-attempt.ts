import type { ResourceRemains } from '@heddle/core/fixtures'
import { tell } from './engine.js'
import { appendToError, failEarly, fullNameOf, type Test } from './host.js'

/** Tells what is left of an attempt where people look for it: what fails the test, what was kept beside its failure. */
export function reportAttempt(test: Test, { failures, kept }: ResourceRemains): void {
  for (const failure of failures) failEarly(test, failure)
  const lines = kept.map((what) => `Kept: ${what}`)
  if (lines.length === 0 || appendToError(test, lines.join('\n'))) return
  for (const line of lines) tell(`after "${fullNameOf(test)}": ${line}`)
}
