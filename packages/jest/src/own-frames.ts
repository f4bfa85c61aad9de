import { dirname } from 'node:path'
import type { CircusPlace } from './circus-types.js'

const OWN_DIRS = [__dirname, dirname(require.resolve('@heddle/core/serial'))]

/** The lines of a stack that are no part of the message. */
export function framesOf(stack: string): string[] {
  return stack.split('\n').filter((line) => /^\s+at /.test(line))
}

/**
 * Lets the place of a test begin with the line of the user: Jest shows it from its first frame on, and takes that one for
 * the location of the test.
 */
export function hideOwnFrames(place: CircusPlace, dirs: readonly string[] = OWN_DIRS): void {
  const frames = framesOf(place.stack ?? '').filter((line) => !dirs.some((dir) => line.includes(dir)))
  Object.defineProperty(place, 'stack', {
    configurable: true,
    // Read when the message has come.
    get: () => [`Error: ${place.message}`, ...frames].join('\n'),
    set(value: unknown) {
      Object.defineProperty(place, 'stack', { value, writable: true })
    },
  })
}
