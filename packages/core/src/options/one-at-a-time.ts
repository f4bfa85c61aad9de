import { HeddleError } from '../errors.js'

/**
 * Whether `HEDDLE_ONE_AT_A_TIME` asks for files one by one, in the planned order, to debug what happens between them.
 *
 * @throws HeddleError `HEDDLE_OPTIONS_INVALID` if it is neither yes (`1`, `true`) nor no (unset, empty, `0`, `false`)
 */
export function isOneAtATime(env: NodeJS.ProcessEnv): boolean {
  const text = env['HEDDLE_ONE_AT_A_TIME'] ?? ''
  switch (text.toLowerCase()) {
    case '1':
    case 'true':
      return true
    case '':
    case '0':
    case 'false':
      return false
    default:
      throw new HeddleError('HEDDLE_OPTIONS_INVALID', {
        problem: `Cannot use HEDDLE_ONE_AT_A_TIME="${text}": it must be 1 or 0`,
        fix: 'set it to 1 to run files one by one, or remove it.',
      })
  }
}
