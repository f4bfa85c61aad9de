import { HeddleError, isHeddleError, reasonOf } from '../errors.js'

/** A resource, for people. */
export interface NamedResource {
  readonly name: string
  readonly kind: string
}

/** What a definition threw, as an error that says what was being done; one of heddle's says so itself. */
export function failedResource({ name, kind }: NamedResource, doing: string, cause: unknown): HeddleError {
  if (isHeddleError(cause)) return cause
  return new HeddleError('HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot ${doing} resource "${name}" (${kind}): ${reasonOf(cause)}`,
    fix: `correct "${name}" of resources in heddle.config, or what it needs; what it threw is the cause of this error.`,
    cause,
  })
}

export function mainHasGone(doing: string): HeddleError {
  return new HeddleError('HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot ${doing}: the main process of the run, which has the resources, has gone or has ended the run`,
    fix: 'run the tests again; what was left is removed then.',
  })
}

export function noAnswer(path: string): HeddleError {
  return new HeddleError('HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot ask for resources: the main process of the run does not answer at "${path}"`,
    fix: 'see what it has printed about resources; the temporary directory (TMPDIR, on Windows TEMP) has to be usable.',
  })
}

export function cannotCross(what: string, cause: unknown): HeddleError {
  return new HeddleError('HEDDLE_RESOURCE_INVALID', {
    problem: `Cannot take ${what} from one process to the other: ${reasonOf(cause)}`,
    fix: 'let it be what structured clone copies: plain objects, arrays, dates, maps, bytes; no functions.',
    cause,
  })
}

export function hasEnded(what: string, label: string): HeddleError {
  return new HeddleError('HEDDLE_FIXTURE_OUTSIDE', {
    problem: `Cannot use ${what} in "${label}" any more: it has ended`,
    fix: 'await what the test does, so that it does not go on when the test is over, as it does after a time-out.',
  })
}

/** @param left what the test has left, for people */
export function leftOpen(name: string, label: string, left: string): HeddleError {
  return new HeddleError('HEDDLE_RESOURCE_LEFT_OPEN', {
    problem: `Cannot end "${label}" well: resource "${name}": ${left}`,
    fix: 'await everything that the test begins, and end each transaction before the test ends.',
  })
}

/** @param names of the resources that are made clean in place */
export function overlapping(names: readonly string[], label: string): HeddleError {
  const [first = ''] = names
  return new HeddleError('HEDDLE_RESOURCE_INVALID', {
    problem: `Cannot make resource "${names.join('", "')}" clean for "${label}": another test of the file is using it`,
    fix: `write \`resource('${first}', { perTest: 'clone' })\` at the top of the file, or let its tests run one after the other.`,
  })
}

export function invalidResource(problem: string, fix: string): HeddleError {
  return new HeddleError('HEDDLE_RESOURCE_INVALID', { problem: `Cannot use ${problem}`, fix })
}
