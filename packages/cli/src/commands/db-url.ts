import { HeddleError, type ResourceRow } from '@heddle/core'
import { readInventory } from '../ask-resources.js'
import { EXIT } from '../exit-codes.js'
import { openResources } from '../open-resources.js'
import type { Terminal } from '../terminal.js'

export interface UrlOptions {
  readonly slot?: number
  readonly resource?: string
}

interface Found {
  readonly resource: string
  readonly row: ResourceRow
}

/**
 * `heddle db url`
 *
 * @throws HeddleError `HEDDLE_USAGE` unless exactly one resource has such a database
 */
export async function printUrl(
  name: string | undefined,
  { slot, resource }: UrlOptions,
  terminal: Terminal,
): Promise<number> {
  if ((name === undefined) === (slot === undefined)) throw askedForNothing(name)
  const wanted = name === undefined ? `of slot ${slot}` : `"${name}"`
  const isMeant = (row: ResourceRow): boolean => (name === undefined ? isOfSlot(row, slot) : row.name === name)
  const { own, others, exitCode } = await readInventory(await openResources(terminal, resource), terminal)
  const found = [
    ...own.flatMap((one) => one.answer.map((row) => ({ resource: one.resource.name, row }))),
    // By its name anything can be asked for.
    ...(name === undefined ? [] : others.map((row) => ({ resource: '', row }))),
  ]
  const matching = found.filter(({ row }) => row.url !== undefined && isMeant(row))
  const resources = [...new Set(matching.map((one) => one.resource))]
  if (resources.length > 1) throw ambiguous(wanted, resources)
  const url = newestOf(matching)?.row.url
  if (url === undefined && exitCode !== EXIT.ok) return exitCode // The reason has been told.
  if (url === undefined) throw nothingThere(wanted, found)
  terminal.stdout.write(`${url}\n`)
  return EXIT.ok
}

function isOfSlot({ kind, slot }: ResourceRow, wanted: number | undefined): boolean {
  return (kind === 'worker' || kind === 'slot') && slot === wanted
}

/** One in use rather than one that was, then the one used last. */
function newestOf(found: readonly Found[]): Found | undefined {
  const rank = ({ row }: Found): string => `${row.state === 'in use' ? 1 : 0} ${row.usedAt ?? ''}`
  return found.toSorted((a, b) => (rank(a) < rank(b) ? 1 : -1))[0]
}

function askedForNothing(name: string | undefined): HeddleError {
  const reason = name === undefined ? 'neither a slot nor a name was given' : `both "${name}" and a slot were given`
  return new HeddleError('HEDDLE_USAGE', {
    problem: `Cannot print the URL of a database: ${reason}`,
    fix: 'run `heddle db url --slot 1`, or `heddle db url <name>` with a name that `heddle db status` shows.',
  })
}

function ambiguous(wanted: string, resources: readonly string[]): HeddleError {
  return new HeddleError('HEDDLE_USAGE', {
    problem: `Cannot print the URL ${wanted}: ${resources.map((name) => `"${name}"`).join(' and ')} have one`,
    fix: `add ${resources.map((name) => `--resource ${name}`).join(' or ')}.`,
  })
}

function nothingThere(wanted: string, found: readonly Found[]): HeddleError {
  const names = found.filter(({ row }) => row.url !== undefined).map(({ row }) => row.name)
  return new HeddleError('HEDDLE_USAGE', {
    problem: `Cannot print the URL ${wanted}: no such database is there`,
    fix:
      names.length === 0
        ? 'databases of workers are there while a run goes on; `heddle db status` shows what there is now.'
        : `there are ${names.slice(0, 20).join(', ')}; \`heddle db status\` shows them.`,
  })
}
