import type { Leases } from '@heddle/core/leases'
import type { Claim, SerialClaim, SerialTarget } from '@heddle/core/serial'
import { loadLeases, loadSerial } from '../load-core.js'
import type { FilePlan } from './file-plan.js'
import { SerialFile } from './serial-file.js'
import type { WorkerRun } from './worker-run.js'

/** The lease engine in one worker, loaded with the first test, block or file that needs it. */
export class Engine {
  readonly #leases: Leases
  /** Held until the worker ends, for tests that timed out and that nobody can follow. */
  readonly #kept: Claim[] = []

  constructor({ root, runId }: WorkerRun, currentHolder: () => string | undefined) {
    const { threadLeases } = loadLeases()
    this.#leases = threadLeases({ root, runId })
    this.#leases.onLongWait = tell
    this.#leases.currentHolder = currentHolder
  }

  openFile({ label, held }: FilePlan): SerialFile {
    const { FileClaims } = loadSerial()
    return new SerialFile(this, new FileClaims(this.#leases, label, held))
  }

  /** A test of this worker may go on beside one that timed out in it, as in any Vitest; others wait for the worker's end. */
  keep(claim: Claim): void {
    this.#kept.push(claim)
  }

  /** What this worker keeps, if it covers the claim. */
  keptFor(claim: Claim): readonly Claim[] | undefined {
    const { coversClaim } = loadSerial()
    const kept = this.#kept.find((one) => coversClaim(one, claim))
    return kept && [kept]
  }

  readonly warn = (error: unknown): void => tell(error instanceof Error ? error.message : String(error))
}

/** A line for people, in the middle of whatever tests print. */
export function tell(line: string): void {
  process.stderr.write(`heddle: ${line}\n`)
}

/** What a test says in its meta. @throws HeddleError `HEDDLE_SERIAL_INVALID` */
export function claimOfMeta(serial: SerialTarget | SerialClaim): SerialClaim {
  return isClaim(serial) ? serial : loadSerial().claimOf(serial, 'exclusive')
}

function isClaim(serial: SerialTarget | SerialClaim): serial is SerialClaim {
  return typeof serial === 'object' && 'mode' in serial
}
