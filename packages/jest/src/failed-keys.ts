import { OUTCOMES, type Outcome, type RunRecord } from '@heddle/core'

/**
 * The files that failed or crashed when they ran last, also those that never got as far as a usable duration. A file
 * whose tests were all skipped, or that did not run, stays what it was before, as in Jest's own cache.
 *
 * @param records oldest first
 */
export function failedKeys(records: readonly RunRecord[]): Set<string> {
  const hasFailed = new Map<string, boolean>()
  for (const { keys, columns } of records) {
    keys.forEach((key, i) => {
      const verdict = VERDICTS[OUTCOMES[columns.outcome[i] ?? 0] ?? 'not-run']
      if (verdict !== undefined) hasFailed.set(key, verdict)
    })
  }
  return new Set([...hasFailed].filter(([, failed]) => failed).map(([key]) => key))
}

const VERDICTS: Readonly<Record<Outcome, boolean | undefined>> = {
  passed: false,
  failed: true,
  crashed: true,
  skipped: undefined,
  'not-run': undefined,
}
