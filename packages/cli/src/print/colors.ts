import picocolors from 'picocolors'
import type { Output } from '../terminal.js'

export type Colors = ReturnType<typeof picocolors.createColors>

/** Colours for a terminal that wants them (https://no-color.org), otherwise functions that change nothing. */
export function colorsFor(output: Output, env: NodeJS.ProcessEnv): Colors {
  return picocolors.createColors(output.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb')
}
