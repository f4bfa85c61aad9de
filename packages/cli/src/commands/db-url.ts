import { setTimeout } from 'node:timers/promises'
import { HeddleError, type ResourceRow } from '@heddle/core'
import { askEach, readInventory } from '../ask-resources.js'
import { EXIT } from '../exit-codes.js'
import { untilInterrupted } from '../interrupted.js'
import { openResources, type OpenedResource } from '../open-resources.js'
import type { Terminal } from '../terminal.js'

export interface UrlOptions {
  readonly slot?: number
  readonly resource?: string
  /** Keep own servers until Ctrl-C. */
  readonly hold?: boolean
}

const LONG_MS = 3_600_000

interface Found {
  readonly resource: string
  readonly row: ResourceRow
}

/**
 * `heddle db url`
 *
 * @throws HeddleError `HEDDLE_USAGE` unless exactly one resource has such a database
 * @throws Interrupted with `hold`, when the user has seen enough
 */
export async function printUrl(name: string | undefined, options: UrlOptions, terminal: Terminal): Promise<number> {
  const { slot, resource, hold } = options
  if ((name === undefined) === (slot === undefined)) throw askedForNothing(name)
  const resources = await openResources(terminal, resource)
  if (hold !== true) return printOne(name, options, { resources, terminal })
  const held = await askEach(resources, (admin, surroundings) => admin.hold?.(surroundings), terminal)
  try {
    const exitCode = await printOne(name, options, { resources, terminal })
    if (exitCode !== EXIT.ok) return exitCode
    terminal.stderr.write('Ctrl-C ends what runs for it.\n')
    return await untilInterrupted(terminal.signals, waitForEver)
  } finally {
    for (const { answer: letGo } of held.answers) await letGo()
  }
}

interface Place {
  readonly resources: readonly OpenedResource[]
  readonly terminal: Terminal
}

async function printOne(
  name: string | undefined,
  { slot }: UrlOptions,
  { resources, terminal }: Place,
): Promise<number> {
  const wanted = name === undefined ? `of slot ${slot}` : `"${name}"`
  const { own, others, exitCode } = await readInventory(resources, terminal)
  const found = [
    ...own.flatMap((one) => one.answer.map((row) => ({ resource: one.resource.name, row }))),
    // By its name anything can be asked for.
    ...(name === undefined ? [] : others.map((row) => ({ resource: '', row }))),
  ]
  const isMeant = (row: ResourceRow): boolean => (name === undefined ? isOfSlot(row, slot) : row.name === name)
  const matching = found.filter(({ row }) => row.url !== undefined && isMeant(row))
  const names = [...new Set(matching.map((one) => one.resource))]
  if (names.length > 1) throw ambiguous(wanted, names)
  const url = newestOf(matching)?.row.url
  if (url === undefined && exitCode !== EXIT.ok) return exitCode // The reason has been told.
  if (url === undefined) throw nothingThere(wanted, found)
  terminal.stdout.write(`${url}\n`)
  return EXIT.ok
}

/** A timer keeps the process, whatever the resources have open. */
async function waitForEver(signal: AbortSignal): Promise<never> {
  for (;;) await setTimeout(LONG_MS, undefined, { signal })
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
