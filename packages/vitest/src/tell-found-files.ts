import { writeFoundFiles } from '@heddle/core'
import type { Adapter } from './adapter.js'
import { isKnownToBePartial } from './host.js'

/**
 * Writes every list of test files that somebody asks Vitest for, with what heddle makes of it: `vitest list --filesOnly`
 * has no other place where a plugin learns of it.
 *
 * @param file see `FOUND_FILES_VARIABLE` of core
 */
export function tellFoundFiles(adapter: Adapter, file: string): void {
  const { vitest } = adapter
  const list = vitest.getRelevantTestSpecifications.bind(vitest)
  vitest.getRelevantTestSpecifications = async (filters) => {
    const specifications = await list(filters)
    const session = await adapter.session()
    const files = await adapter.foundFiles(specifications.filter(({ pool }) => pool !== 'typescript'))
    writeFoundFiles(
      file,
      files,
      session.groupPlan(files, { isPartial: isKnownToBePartial(vitest) || isNarrowed(filters) }),
    )
    return specifications
  }
}

function isNarrowed(filters: readonly string[] = []): boolean {
  return filters.length > 0
}
