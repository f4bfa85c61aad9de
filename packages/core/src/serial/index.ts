export { HeddleError } from '../errors.js'
export { fileGroupsOf, type FileGroups, type NamedMembership } from '../groups/file-groups.js'
export {
  applySlotVariables,
  readGroupSlot,
  readRunId,
  readSlot,
  slotVariables,
  type Slots,
} from '../groups/slot-variables.js'
export {
  groupsOfRules,
  testGroupsIn,
  testGroupsOf,
  type FileOfTests,
  type NamedTest,
  type TestMembership,
  type TestRules,
} from '../groups/test-rules.js'
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
