import type { TestRemains } from '@heddle/core/fixtures'
import { loadFixtures } from '../load-core.js'
import { tell } from './engine.js'
import { appendToError, failEarly, fullNameOf, type Test } from './host.js'

/** Tells what is left of an attempt where people look for it: what fails the test, what was kept beside its failure. */
export function reportAttempt(test: Test, { kept, left }: TestRemains): void {
  if (left !== undefined) failEarly(test, loadFixtures().envChanged(fullNameOf(test), left))
  const lines = kept.map((dir) => `Kept: ${dir}`)
  if (lines.length === 0 || appendToError(test, lines.join('\n'))) return
  for (const line of lines) tell(`after "${fullNameOf(test)}": ${line}`)
}
