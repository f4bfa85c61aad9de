import { basename, join } from 'node:path'
import { shortBase } from '../fixtures/run-bases.js'
import { RUN_FILES, twinOf } from '../fixtures/run-files.js'
import { MAX_SOCKET_BYTES } from '../fixtures/socket-path.js'

/** Where the main process of a run answers. */
export interface ResourceSocket {
  readonly path: string
  /** The directory of the run in which it lies, which may be its twin; undefined where sockets lie in none. */
  readonly above: string | undefined
}

/** The same for a run whenever it is asked for. @param dir of the run, which need not be there */
export function resourceSocketOf(dir: string, platform = process.platform, short = shortBase()): ResourceSocket {
  if (platform === 'win32') return { path: `\\\\.\\pipe\\heddle-${basename(dir)}`, above: undefined }
  const placeIn = (above: string): ResourceSocket => ({ path: join(above, RUN_FILES.sockets, 'resources'), above })
  const own = placeIn(dir)
  return short === undefined || Buffer.byteLength(own.path) <= MAX_SOCKET_BYTES ? own : placeIn(twinOf(dir, short))
}
