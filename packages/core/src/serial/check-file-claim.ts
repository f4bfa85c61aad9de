import { describeSerial, covers, invalidSerial, type SerialClaim } from './serial-claim.js'

/**
 * A file calls `serial.file` while it runs, which is too late to take anything: it must have been read from its source.
 *
 * @param called what the call says
 * @param read what the source says, see {@link fileClaimOf}
 * @param file as people know it
 * @throws HeddleError `HEDDLE_SERIAL_INVALID`
 */
export function checkFileClaim(called: SerialClaim, read: SerialClaim | undefined, file: string): void {
  const isTaken = read !== undefined && covers(read, called)
  if (isTaken && called.timeoutMs === read.timeoutMs && called.onTimeout === read.onTimeout) return
  throw invalidSerial(
    `serial.file of ${file} asks for ${describeSerial(called)}${isTaken ? ' with options' : ''}, which its source, read before it runs, does not say in a way that can be read`,
    "write serial.file('ledger') on a line of its own, with the keys in quotes and no options, or `@serial ledger` in a comment at the top.",
  )
}
