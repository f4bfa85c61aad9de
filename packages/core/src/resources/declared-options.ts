import type { HeddleError } from '../errors.js'
import { describeUnknownKeys, guessOf } from '../unknown-keys.js'
import { invalidResource } from './resource-errors.js'
import type { GivenResource } from './requests.js'
import type { PerTest } from './resource.js'
import type { ResourceOptions } from './resource-thread.js'

const PER_TEST: readonly PerTest[] = ['reset', 'clone', 'rollback', 'file', 'none']

/** Why a file has no resource of that name. @param all of the names in `resources` */
export function unusedName(name: string, all: readonly string[], file: string): HeddleError {
  if (all.includes(name))
    return invalidResource(
      `resource "${name}" in "${file}": it is for other files`,
      `let \`files\` of "${name}" in heddle.config match this one.`,
    )
  const guess = guessOf(name, all)
  return invalidResource(
    `resource "${name}" in "${file}": the resources are "${all.join('", "')}"`,
    guess === undefined ? 'add it to resources in heddle.config.' : `did you mean "${guess}"?`,
  )
}

/** @throws HeddleError `HEDDLE_RESOURCE_INVALID` if the resource cannot be used like that */
export function refuseOptions({ name, canReset, worker }: GivenResource, options: ResourceOptions): void {
  const what = `resource("${name}", …)`
  const [unknown] = describeUnknownKeys(options, ['perTest'])
  if (unknown !== undefined) throw invalidResource(`${what}: ${unknown}`, "the only option is perTest: 'clone'.")
  const { perTest } = options
  if (perTest === undefined) return
  if (!PER_TEST.includes(perTest))
    throw invalidResource(
      `${what}: perTest must be ${PER_TEST.join(', ')}, got ${JSON.stringify(perTest)}`,
      "write 'clone'.",
    )
  if (perTest === 'reset' && !canReset)
    throw invalidResource(`${what}: it cannot be reset`, 'give it `reset`, or leave out perTest.')
  if (perTest === 'rollback' && worker === undefined)
    throw invalidResource(`${what}: it has nothing to roll back`, "write perTest: 'reset' or 'clone'.")
}
