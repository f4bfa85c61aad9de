import { Option, type Command } from 'commander'
import { showGroups, type GroupsOptions } from '../commands/groups.js'
import { HOST_NAMES } from '../host.js'
import { TIME_SOURCES } from '../time-files.js'
import { GROUPS_HELP } from './help.js'
import type { Invocation } from './invocation.js'
import { limitOption, parseCount } from './numbers.js'

/** `heddle groups` */
export function addGroupCommands(program: Command, { terminal, hostArgs, onEnd }: Invocation): void {
  program
    .command('groups')
    .description('Show every group: its limit, scope and rules, the files in it, and why.')
    .usage('[options] [-- arguments of vitest or jest]')
    .addOption(new Option('--host <name>', 'whose tests (default: found by its config file)').choices(HOST_NAMES))
    .addOption(new Option('--workers <n>', 'workers of a machine (default: its processors)').argParser(parseCount))
    .addOption(new Option('--from <source>', 'where durations come from').choices(TIME_SOURCES).default('history'))
    .addOption(limitOption('list the first n files of each group (default: 20)'))
    .option('--all', 'list every file')
    .option('--json', 'print JSON')
    .addHelpText('after', GROUPS_HELP)
    .action(async (options: Omit<GroupsOptions, 'hostArgs'>) =>
      onEnd(await showGroups({ ...options, hostArgs }, terminal)),
    )
}
