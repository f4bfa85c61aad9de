import { Option, type Command } from 'commander'
import { showHistory, type HistoryOptions } from '../commands/history.js'
import { mergeHistory } from '../commands/history-merge.js'
import { prune, type PruneOptions } from '../commands/history-prune.js'
import { snapshotHistory, type SnapshotOptions } from '../commands/history-snapshot.js'
import { HISTORY_HELP, MERGE_HELP, PRUNE_HELP, SNAPSHOT_HELP } from './help.js'
import { limitOption, parseRuns } from './numbers.js'
import type { Invocation } from './invocation.js'
import { refuseUnknownCommand } from './refuse-unknown-command.js'

/** `heddle history …` */
export function addHistoryCommands(program: Command, invocation: Invocation): void {
  const { terminal, onEnd } = invocation
  const history = program
    .command('history')
    .description('List the recorded test files, slowest first.')
    .addOption(limitOption('list the n slowest files (default: 20; all with --json)'))
    .option('--all', 'list every file')
    .option('--json', 'print JSON')
    .allowExcessArguments(true)
    .addHelpText('after', HISTORY_HELP)
    .action(async (options: HistoryOptions) => {
      refuseUnknownCommand(history)
      onEnd(await showHistory(options, terminal))
    })
  addSnapshot(history, invocation)
  addPrune(history, invocation)
  addMerge(history, invocation)
}

function addSnapshot(history: Command, { terminal, onEnd }: Invocation): void {
  history
    .command('snapshot')
    .description('Write heddle.durations.json, to be committed: shards are split by it.')
    .option('--check', 'write nothing; exit with 1 if the file is out of date')
    .allowExcessArguments(false)
    .addHelpText('after', SNAPSHOT_HELP)
    .action(async (options: SnapshotOptions) => onEnd(await snapshotHistory(options, terminal)))
}

function addPrune(history: Command, { terminal, onEnd }: Invocation): void {
  history
    .command('prune')
    .description('Remove records that no longer matter, and files that no longer exist.')
    .addOption(
      new Option('--runs <n>', 'newest runs of every file to keep (default: as configured)').argParser(parseRuns),
    )
    .option('--dry-run', 'only say what would be removed')
    .allowExcessArguments(false)
    .addHelpText('after', PRUNE_HELP)
    .action(async (options: PruneOptions) => onEnd(await prune(options, terminal)))
}

function addMerge(history: Command, { terminal, onEnd }: Invocation): void {
  history
    .command('merge')
    .description('Copy the records of other machines into the history.')
    .argument('<dirs...>', 'directories to search for records, such as downloaded artefacts')
    .addHelpText('after', MERGE_HELP)
    .action(async (dirs: string[]) => onEnd(await mergeHistory(dirs, terminal)))
}
