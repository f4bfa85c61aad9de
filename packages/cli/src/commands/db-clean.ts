import { HeddleError, type CleanOptions } from '@heddle/core'
import { ask } from '../ask.js'
import { askEach, type Answers } from '../ask-resources.js'
import { EXIT } from '../exit-codes.js'
import { openResources, type OpenedResource } from '../open-resources.js'
import { atMost, oneLine } from '../print/words.js'
import type { Terminal } from '../terminal.js'
import { NONE } from './db-status.js'

export interface CleanCommandOptions {
  readonly all?: boolean
  readonly dryRun?: boolean
  readonly yes?: boolean
  readonly resource?: string
}

/**
 * `heddle db clean`, `heddle clean`
 *
 * @throws HeddleError `HEDDLE_USAGE` if nobody can be asked
 */
export async function cleanResources(
  { all: isAll = false, dryRun: isDryRun = false, yes, resource }: CleanCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const resources = await openResources(terminal, resource)
  if (resources.length === 0) {
    terminal.stdout.write(NONE)
    return EXIT.ok
  }
  // What dead runs left is nobody's; what is kept may be dear to make again.
  if (isAll && !isDryRun && yes !== true) {
    const refusal = await askFirst(resources, terminal)
    if (refusal !== undefined) return refusal
  }
  const removed = await clean(resources, { isAll, isDryRun }, terminal)
  terminal.stdout.write(describeRemoved(removed, isDryRun))
  return removed.exitCode
}

type Removed = Answers<readonly string[]>

function clean(resources: readonly OpenedResource[], options: CleanOptions, terminal: Terminal): Promise<Removed> {
  return askEach(resources, (admin, surroundings) => admin.clean(surroundings, options), terminal)
}

/** @returns the exit code if it is not to be done */
async function askFirst(resources: readonly OpenedResource[], terminal: Terminal): Promise<number | undefined> {
  const { stdin, stderr } = terminal
  if (stdin.isTTY !== true) throw nobodyToAsk()
  const planned = await clean(resources, { isAll: true, isDryRun: true }, terminal)
  stderr.write(describeRemoved(planned, true))
  if (planned.answers.every(({ answer }) => answer.length === 0)) return planned.exitCode
  if (/^y(es)?$/i.test((await ask('Remove them? (y/N) ', terminal)).trim())) return undefined
  stderr.write('Nothing was changed.\n')
  return planned.exitCode
}

function describeRemoved({ answers }: Removed, isDryRun: boolean): string {
  const lines = [...new Map(answers.flatMap(linesOf)).values()]
  if (lines.length === 0) return `Nothing ${isDryRun ? 'is there to be' : 'had to be'} removed.\n`
  const shown = atMost(lines, (line) => `- ${line}`)
  return `${isDryRun ? 'Would remove' : 'Removed'} ${lines.length}:\n${shown.join('\n')}\n`
}

/** Resources on one server would remove the same: by kind and name, so that it is told once. */
function linesOf({ resource, answer }: Removed['answers'][number]): [string, string][] {
  return answer.map((name) => [`${resource.kind} ${name}`, `${resource.name}: ${oneLine(name)}`])
}

function nobodyToAsk(): HeddleError {
  return new HeddleError('HEDDLE_USAGE', {
    problem: 'Cannot remove what is kept: there is no terminal to ask for confirmation',
    fix: 'look at it with `heddle clean --all --dry-run`, then add --yes.',
  })
}
