import { readFileSync, writeFileSync } from 'node:fs'
import { HeddleError, reasonOf } from '../errors.js'
import { withValibot } from '../options/with-valibot.js'
import type { FoundFile } from './estimate-jobs.js'

/**
 * When this environment variable names a file, an adapter whose host only lists its tests writes there what it found.
 * It is how the command line learns what a host names its files, without knowing the host.
 */
export const FOUND_FILES_VARIABLE = 'HEDDLE_FOUND_FILES'

const parseFiles = withValibot((v) =>
  v.parser(
    v.array(v.object({ key: v.string(), stage: v.exactOptional(v.number()), batch: v.exactOptional(v.string()) })),
  ),
)

/** Writes key, stage and batch; what an adapter attached to a file for itself stays behind. */
export function writeFoundFiles(file: string, files: readonly FoundFile[]): void {
  writeFileSync(file, JSON.stringify(files.map(({ key, stage, batch }) => ({ key, stage, batch }))))
}

/** @throws HeddleError `HEDDLE_HOST_FAILED` */
export function readFoundFiles(file: string): FoundFile[] {
  try {
    return parseFiles()(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    throw new HeddleError('HEDDLE_HOST_FAILED', {
      problem: `Cannot read the list of test files "${file}": ${reasonOf(error)}`,
      fix: 'check that the host runs with heddle (one line in vitest.config.ts, or withHeddle in jest.config.js).',
      cause: error,
    })
  }
}
