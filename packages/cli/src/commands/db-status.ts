import type { ResourceRow } from '@heddle/core'
import { readInventory } from '../ask-resources.js'
import { maskUrl } from '../mask-url.js'
import { openResources, type OpenedResource } from '../open-resources.js'
import { colorsFor } from '../print/colors.js'
import { formatResource } from '../print/resources-table.js'
import type { Terminal } from '../terminal.js'

export interface StatusOptions {
  readonly resource?: string
  readonly json?: boolean
}

/** `heddle db status` */
export async function showResources({ resource, json }: StatusOptions, terminal: Terminal): Promise<number> {
  const resources = await openResources(terminal, resource)
  const { own, others, exitCode } = await readInventory(resources, terminal)
  const { stdout, env, now } = terminal
  if (json === true) {
    const rows = own.flatMap(({ resource: { name }, answer }) => answer.map((row) => rowOf(name, row)))
    stdout.write(`${JSON.stringify([...rows, ...others.map((row) => rowOf(null, row))], null, 2)}\n`)
    return exitCode
  }
  const shown = { now: now(), colors: colorsFor(stdout, env) }
  const tables = own.map(({ resource: one, answer }) => formatResource(`${one.name}, ${one.kind}`, answer, shown))
  if (others.length > 0) tables.push(formatResource('made by others on the same server', others, shown))
  stdout.write([...tables, ...resources.filter(hasNothingToShow).map(describeSilent)].join('\n') || NONE)
  return exitCode
}

/** Said by every command that has no resource to work on. */
export const NONE = `heddle.config has no resources.
Add one: resources: { main: postgres({ migrations: 'migrations/*.sql' }) }, with postgres from '@heddle/db/postgres'.
`

function hasNothingToShow({ admin }: OpenedResource): boolean {
  return admin === undefined
}

function describeSilent({ name, kind }: OpenedResource): string {
  return `${name}, ${kind}: does not tell what is there\n`
}

/** For machines, whose logs people read: without passwords. */
function rowOf(resource: string | null, row: ResourceRow) {
  return { resource, ...row, url: row.url === undefined ? undefined : maskUrl(row.url), isOthers: undefined }
}
