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

/** Everything that is there. */
export interface Inventory {
  /** What each resource has made. */
  readonly own: Answers<readonly ResourceRow[]>['answers']
  /** What others have made on the same servers: other projects, or resources that nobody has asked for. */
  readonly others: readonly ResourceRow[]
  readonly exitCode: number
}

/** Resources on one server see each other's; here each is in one place. */
export async function readInventory(resources: readonly OpenedResource[], terminal: Terminal): Promise<Inventory> {
  const { answers, exitCode } = await askEach(resources, (admin, surroundings) => admin.status(surroundings), terminal)
  const own = answers.map(({ resource, answer }) => ({ resource, answer: answer.filter(({ isOthers }) => !isOthers) }))
  const seen = new Set(own.flatMap(({ answer }) => answer.map(identityOf)))
  const others = answers
    .flatMap(({ answer }) => answer.filter(({ isOthers }) => isOthers === true))
    .filter((row) => !seen.has(identityOf(row)) && seen.add(identityOf(row)))
  return { own, others, exitCode }
}

/** Without the port: a server of our own may have another one each time. */
function identityOf({ kind, name }: ResourceRow): string {
  return `${kind} ${name}`
}
