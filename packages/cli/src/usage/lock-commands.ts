import { LEASE_SCOPES } from '@heddle/core/leases'
import { Option, type Command } from 'commander'
import { showLocks } from '../commands/locks.js'
import { breakLock } from '../commands/locks-break.js'
import { watchLocks } from '../commands/locks-watch.js'
import type { LockFilter } from '../read-locks.js'
import { LOCKS_HELP } from './help.js'
import type { Invocation } from './invocation.js'

interface LockCommandOptions {
  readonly scope?: NonNullable<LockFilter['scope']>
  readonly json?: boolean
  readonly watch?: boolean
  readonly break?: string
  readonly yes?: boolean
}

/** `heddle locks` */
export function addLockCommands(program: Command, { terminal, onEnd }: Invocation): void {
  program
    .command('locks')
    .description('List who holds and who waits for locks on this machine.')
    .argument('[name]', 'only the locks of that name')
    .addOption(new Option('--scope <scope>', 'only locks of that scope').choices(LEASE_SCOPES))
    .option('--json', 'print JSON; with --watch one line after each change')
    .option('--watch', 'show each change, until Ctrl-C')
    .addOption(new Option('--break <name>', 'take a lock away from its holders').conflicts(['json', 'watch']))
    .option('--yes', 'with --break: do not ask')
    .addHelpText('after', LOCKS_HELP)
    .action(async (name: string | undefined, options: LockCommandOptions, command: Command) => {
      const { break: broken, watch } = options
      if (broken === undefined) onEnd(await (watch === true ? watchLocks : showLocks)(name, options, terminal))
      else if (name === undefined) onEnd(await breakLock(broken, options, terminal))
      else command.error(`error: option '--break <name>' cannot be used with argument '${name}'`)
    })
}
