import { createRequire } from 'node:module'
import { HeddleError } from '@heddle/core'
import { Command } from 'commander'
import { addDbCommands } from './db-commands.js'
import { addGroupCommands } from './group-commands.js'
import { addHistoryCommands } from './history-commands.js'
import { addLockCommands } from './lock-commands.js'
import { addPlanCommands } from './plan-commands.js'
import { PROGRAM_HELP } from './help.js'
import type { Invocation } from './invocation.js'

/** The commands of `heddle`. Parsing throws what a command throws, and CommanderError on wrong usage. */
export function createProgram(invocation: Invocation): Command {
  const { terminal, hostArgs } = invocation
  const program = new Command('heddle')
    .description('Shows what heddle knows of your test files, groups, locks and databases, and plans runs and shards.')
    .version(readVersion(), '-v, --version')
    // `heddle plan verify --json` is an option of verify, not of plan.
    .enablePositionalOptions()
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .addHelpText('after', PROGRAM_HELP)
    .hook('preAction', (_, action) => {
      if (hostArgs.length > 0 && !RUNS_HOST.has(action.name())) throw misplacedHostArgs(hostArgs)
    })
  addHistoryCommands(program, invocation)
  addPlanCommands(program, invocation)
  addGroupCommands(program, invocation)
  addLockCommands(program, invocation)
  addDbCommands(program, invocation)
  return program
}

const RUNS_HOST: ReadonlySet<string> = new Set(['plan', 'groups'])

/** Everything after the first `--` is the host's. */
export function splitArgv(argv: readonly string[]): { readonly own: string[]; readonly hostArgs: string[] } {
  const end = argv.indexOf('--')
  return end === -1 ? { own: [...argv], hostArgs: [] } : { own: argv.slice(0, end), hostArgs: argv.slice(end + 1) }
}

function readVersion(): string {
  const { version } = createRequire(import.meta.url)('../../package.json') as { readonly version: string }
  return version
}

function misplacedHostArgs(hostArgs: readonly string[]): HeddleError {
  return new HeddleError('HEDDLE_USAGE', {
    problem: `Cannot hand "${hostArgs.join(' ')}" on to a host: only \`heddle plan\` and \`heddle groups\` run one`,
    fix: 'leave out `--` and what comes after it.',
  })
}
