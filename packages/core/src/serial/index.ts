export { HeddleError } from '../errors.js'
export { THREAD_LEASES } from '../leases/scope.js'
export { createSerial, type Registrar, type SerialHost } from './create-serial.js'
export { fileClaimOf } from './file-claim.js'
export { FileClaims, type Claimant, type HeldClaim } from './file-claims.js'
export {
  claimOf,
  claimWithin,
  describeClaim,
  isHeldBy,
  leaseRequestsOf,
  type SerialClaim,
  type SerialMode,
  type SerialOptions,
  type SerialTarget,
} from './serial-claim.js'
