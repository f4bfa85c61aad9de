import { HeddleError } from '@heddle/core'

/** The ways out that there always are. */
const OTHER_WAYS =
  'give the url of a server that runs, put PostgreSQL on the PATH (apt install postgresql, apk add postgresql, brew install postgresql), or npm install -D @electric-sql/pglite and set server to "pglite".'

/** Why a server of our own is not there. */
export function serverFailure(what: string, reason: string, fix = OTHER_WAYS): HeddleError {
  return new HeddleError('HEDDLE_RESOURCE_FAILED', { problem: `Cannot ${what}: ${reason}`, fix })
}

/** The same for what the server or initdb said. */
export function failureOfOutput(what: string, output: string): HeddleError {
  const said = lastLines(output)
  if (/No space left on device|disk full/i.test(output)) {
    return serverFailure(
      what,
      `the disk is full\n${said}`,
      'free some space, or `heddle db clean --all` to remove what earlier runs have kept.',
    )
  }
  return serverFailure(what, `it says\n${said}`)
}

/** Enough to see why, of something that may be long. */
function lastLines(output: string): string {
  return output
    .trim()
    .split('\n')
    .slice(-8)
    .map((line) => `  ${line}`)
    .join('\n')
}
