import type { Leases } from '@heddle/core/leases'
import type { SerialClaim, SerialTarget } from '@heddle/core/serial'
import { relative, sep } from 'node:path'
import { loadLeases, loadSerial } from '../load-core.js'
import type { WorkerRun } from './worker-run.js'
import { SerialFile } from './serial-file.js'

/** The lease engine in one worker, loaded with the first test, block or file that is serial. */
export class Engine {
  readonly #leases: Leases
  readonly #workspace: string
  /** Held until the worker ends, for tests that timed out and that nobody can follow. */
  readonly #kept: SerialClaim[] = []

  constructor({ root, runId, workspace }: WorkerRun, currentHolder: () => string | undefined) {
    const { threadLeases } = loadLeases()
    this.#leases = threadLeases({ root, runId })
    this.#leases.onLongWait = tell
    this.#leases.currentHolder = currentHolder
    this.#workspace = workspace
  }

  openFile(path: string): SerialFile {
    const { FileClaims } = loadSerial()
    const label = relative(this.#workspace, path).split(sep).join('/')
    return new SerialFile(this, new FileClaims(this.#leases, label))
  }

  /** A test of this worker may go on beside one that timed out in it, as in any Vitest; others wait for the worker's end. */
  keep(claim: SerialClaim): void {
    this.#kept.push(claim)
  }

  /** What this worker keeps, if it covers the claim. */
  keptFor(claim: SerialClaim): readonly SerialClaim[] | undefined {
    const { claimWithin } = loadSerial()
    return this.#kept
      .map((kept) => [kept])
      .find((kept) => {
        try {
          return claimWithin(claim, kept) === undefined
        } catch {
          return false
        }
      })
  }

  readonly warn = (error: unknown): void => tell(error instanceof Error ? error.message : String(error))
}

/** A line for people, in the middle of whatever tests print. */
export function tell(line: string): void {
  process.stderr.write(`heddle: ${line}\n`)
}

/** What the source of a test file claims. @throws HeddleError `HEDDLE_SERIAL_INVALID` */
export function claimOfSource(source: string): SerialClaim | undefined {
  return source.includes('serial') ? loadSerial().fileClaimOf(source) : undefined
}

/** What a test says in its meta. @throws HeddleError `HEDDLE_SERIAL_INVALID` */
export function claimOfMeta(serial: SerialTarget | SerialClaim): SerialClaim {
  return isClaim(serial) ? serial : loadSerial().claimOf(serial, 'exclusive')
}

function isClaim(serial: SerialTarget | SerialClaim): serial is SerialClaim {
  return typeof serial === 'object' && 'mode' in serial
}
