import { createRequire } from 'node:module'
import { HeddleError, reasonOf } from '@heddle/core'

/**
 * The files of modules.
 *
 * @param modules by the name of what they export
 * @param from files, from the first of which that can each is resolved
 * @throws HeddleError `HEDDLE_RESOURCE_FAILED`
 */
export function findExtensions(
  modules: Readonly<Record<string, string>>,
  from: readonly string[],
): Readonly<Record<string, string>> {
  const found = Object.entries(modules).map(([name, module]) => {
    const errors: unknown[] = []
    for (const file of from) {
      try {
        return [name, createRequire(file).resolve(module)] as const
      } catch (error) {
        errors.push(error)
      }
    }
    throw missing(name, module, errors[0])
  })
  return Object.fromEntries(found)
}

function missing(name: string, module: string, cause: unknown): HeddleError {
  return new HeddleError('HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot load extension "${name}" of PGlite from "${module}": ${reasonOf(cause)}`,
    fix: 'install the package, or correct the name of the module.',
    cause,
  })
}
