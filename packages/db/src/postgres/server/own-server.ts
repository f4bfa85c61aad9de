import type { Binaries } from './binaries.js'
import type { ProgramUser } from './run-program.js'
import type { ServerPlace } from './server-place.js'

/** Everything that is decided of a server of our own before it is started. */
export interface OwnServer {
  readonly place: ServerPlace
  readonly binaries: Binaries
  readonly user: ProgramUser | undefined
  /** Takes one line for people. */
  readonly print: (line: string) => void
}
