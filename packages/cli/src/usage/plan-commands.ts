import { Option, type Command } from 'commander'
import { plan, type PlanOptions } from '../commands/plan.js'
import { verifyPlan, type VerifyOptions } from '../commands/plan-verify.js'
import { HOST_NAMES } from '../host.js'
import { TIME_SOURCES } from '../time-files.js'
import { PLAN_HELP, VERIFY_HELP } from './help.js'
import { limitOption, parseCount } from './numbers.js'
import type { Invocation } from './invocation.js'
import { refuseUnknownCommand } from './refuse-unknown-command.js'

/** `heddle plan …` */
export function addPlanCommands(program: Command, invocation: Invocation): void {
  const { terminal, hostArgs, onEnd } = invocation
  const command = program
    .command('plan')
    .description('Plan what each shard or each worker runs.')
    .usage('[options] [command] [-- arguments of vitest or jest]')
    .addOption(new Option('--shards <n>', 'split the files into n shards').argParser(parseCount))
    .addOption(new Option('--workers <n>', 'workers of a machine (default: its processors)').argParser(parseCount))
    .addOption(new Option('--from <source>', 'where durations come from').choices(TIME_SOURCES).default('history'))
    .addOption(new Option('--host <name>', 'whose tests (default: found by its config file)').choices(HOST_NAMES))
    .addOption(limitOption('list the first n files (default: 20)'))
    .option('--all', 'list every file')
    .option('--json', 'print JSON; with --shards the plan file')
    .allowExcessArguments(true)
    .addHelpText('after', PLAN_HELP)
    .action(async (options: Omit<PlanOptions, 'hostArgs'>) => {
      refuseUnknownCommand(command)
      onEnd(await plan({ ...options, hostArgs }, terminal))
    })
  addVerify(command, invocation)
}

function addVerify(command: Command, { terminal, onEnd }: Invocation): void {
  command
    .command('verify')
    .description('Prove from the records of all shards that every file ran exactly once.')
    .argument('[dirs...]', 'directories to search for records (default: the local history)')
    .option('--json', 'print JSON')
    .addHelpText('after', VERIFY_HELP)
    .action(async (dirs: string[], options: VerifyOptions) => onEnd(await verifyPlan(dirs, options, terminal)))
}
