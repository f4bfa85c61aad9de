import {
  guessOf,
  HeddleError,
  RESOURCE,
  type Resource,
  type ResourceAdmin,
  type ResourceSurroundings,
} from '@heddle/core'
import { resourceSurroundings } from '@heddle/core/run-fixtures'
import { openWorkspace } from './open-workspace.js'
import type { Terminal } from './terminal.js'

/** One of `resources` in heddle.config. */
export interface OpenedResource {
  readonly name: string
  /** `postgres` */
  readonly kind: string
  /** Undefined if it has nothing to show. */
  readonly admin: ResourceAdmin | undefined
  readonly surroundings: ResourceSurroundings
}

/**
 * The resources of the config around the current directory, in its order; or the one that was asked for.
 *
 * @throws HeddleError `HEDDLE_USAGE` if there is none of that name
 */
export async function openResources(terminal: Terminal, name?: string): Promise<readonly OpenedResource[]> {
  const { options, root } = await openWorkspace(terminal)
  const names = Object.keys(options.resources)
  if (name !== undefined && !names.includes(name)) throw unknownResource(name, names)
  return Object.entries(options.resources)
    .filter(([key]) => name === undefined || key === name)
    .map(([key, resource]) => openResource(key, resource, root, terminal))
}

function openResource(name: string, resource: Resource, root: string, { env, stderr }: Terminal): OpenedResource {
  const print = (line: string): unknown => stderr.write(`heddle: ${line}\n`)
  return {
    name,
    kind: resource.kind,
    admin: resource[RESOURCE].admin,
    surroundings: resourceSurroundings({ root, name, env, print }),
  }
}

function unknownResource(name: string, names: readonly string[]): HeddleError {
  const guess = guessOf(name, names)
  return new HeddleError('HEDDLE_USAGE', {
    problem: `Cannot find resource "${name}": ${listNames(names)}`,
    fix: guess === undefined ? 'name one of them, or leave --resource out.' : `did you mean "${guess}"?`,
  })
}

function listNames(names: readonly string[]): string {
  if (names.length === 0) return 'heddle.config has no resources'
  return `the resources of heddle.config are ${names.map((each) => `"${each}"`).join(', ')}`
}
