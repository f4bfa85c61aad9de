import { isHeddleError, reasonOf } from '@heddle/core'
import { CommanderError } from 'commander'
import { EXIT, exitCodeOf } from './exit-codes.js'
import { Interrupted } from './interrupted.js'
import type { Terminal } from './terminal.js'
import { createProgram, splitArgv } from './usage/program.js'

/**
 * Runs `heddle` with `argv` (without node and script). Never throws.
 *
 * @returns the exit code
 */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = EXIT.ok
  const { own, hostArgs } = splitArgv(argv)
  const onEnd = (code: number): void => {
    exitCode = code
  }
  try {
    await createProgram({ terminal, hostArgs, onEnd }).parseAsync(own, { from: 'user' })
    return exitCode
  } catch (error) {
    return report(error, terminal)
  }
}

/** Tells the user what went wrong, once. */
function report(error: unknown, { stderr, env }: Terminal): number {
  // Commander has said what there is to say.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  if (error instanceof Interrupted) return error.exitCode
  if (isHeddleError(error)) {
    stderr.write(`${error.message}\n`)
    return exitCodeOf(error.code)
  }
  stderr.write(`heddle: unexpected error: ${reasonOf(error)}\n`)
  stderr.write(
    env['DEBUG']
      ? `${error instanceof Error ? error.stack : reasonOf(error)}\n`
      : 'This is a bug in heddle. Please run the command again with DEBUG=heddle and report its output:\nhttps://github.com/heddle-js/heddle/issues\n',
  )
  return EXIT.bug
}
