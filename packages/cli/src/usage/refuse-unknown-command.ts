import { Command } from 'commander'

/**
 * Refuses an argument of a command that takes subcommands only, with a suggestion. Commander suggests one only if the
 * command does nothing by itself, so it is asked through a command that does nothing.
 *
 * @throws CommanderError, also after printing the help for `help`
 */
export function refuseUnknownCommand(command: Command): void {
  const [name] = command.args
  if (name === undefined) return
  if (name === 'help') command.help()
  const twin = new Command(command.name()).copyInheritedSettings(command)
  for (const child of command.commands) twin.command(child.name())
  twin.parse([name], { from: 'user' })
}
