import { isHeddleError, reasonOf, type ResourceAdmin, type ResourceRow, type ResourceSurroundings } from '@heddle/core'
import { exitCodeOf, EXIT } from './exit-codes.js'
import type { OpenedResource } from './open-resources.js'
import type { Terminal } from './terminal.js'

/** What one resource said, for all of those that could be asked. */
export interface Answers<T> {
  readonly answers: readonly { readonly resource: OpenedResource; readonly answer: T }[]
  /** That of the first which could not be asked; its reason is on standard error. */
  readonly exitCode: number
}

/** Asks one after the other: one whose server does not answer must not hide the others. */
export async function askEach<T>(
  resources: readonly OpenedResource[],
  question: (admin: ResourceAdmin, surroundings: ResourceSurroundings) => Promise<T> | undefined,
  { stderr }: Terminal,
): Promise<Answers<T>> {
  const answers: { readonly resource: OpenedResource; readonly answer: T }[] = []
  let exitCode: number = EXIT.ok
  for (const resource of resources) {
    try {
      const asked = resource.admin && question(resource.admin, resource.surroundings)
      if (asked !== undefined) answers.push({ resource, answer: await asked })
    } catch (error) {
      stderr.write(`heddle: ${resource.name}: ${reasonOf(error)}\n`)
      if (exitCode === EXIT.ok) exitCode = isHeddleError(error) ? exitCodeOf(error.code) : EXIT.environment
    }
  }
  return { answers, exitCode }
}

/** Everything that is there, by resource. */
export function readRows(
  resources: readonly OpenedResource[],
  terminal: Terminal,
): Promise<Answers<readonly ResourceRow[]>> {
  return askEach(resources, (admin, surroundings) => admin.status(surroundings), terminal)
}
