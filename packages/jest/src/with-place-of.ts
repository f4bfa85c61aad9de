import type { CircusTest } from './circus-types.js'
import { framesOf } from './own-frames.js'

/** The error, pointing at the line where the test was written. */
export function withPlaceOf({ asyncError }: Pick<CircusTest, 'asyncError'>, error: object): object {
  if (asyncError?.stack === undefined) return error
  const { message } = error as { readonly message?: unknown }
  const stack = [String(message), ...framesOf(asyncError.stack)].join('\n')
  // Own properties: somebody may add to them.
  return Object.create(error, {
    message: { value: message, writable: true },
    stack: { value: stack, writable: true },
  }) as object
}
