export { HeddleError } from '../errors.js'
export type { Membership } from '../groups/demand.js'
export { fileGroupsOf, type FileGroups as NamedGroups, type NamedMembership } from '../groups/file-groups.js'
export { WORKERS } from '../groups/group-claims-of.js'
export { groupSlotName } from '../leases/group-names.js'
export {
  applySlotVariables,
  isSlotVariable,
  readGroupSlot,
  readRunId,
  readSlot,
  slotVariables,
  type Slots,
} from '../groups/slot-variables.js'
export { testClaimsIn } from '../groups/test-claims.js'
export {
  groupsOfRules,
  testGroupsIn,
  type FileOfTests,
  type NamedTest,
  type TestMembership,
  type TestRules,
} from '../groups/test-rules.js'
export { refuseUnknownGroups, type NamedGroup } from '../groups/unknown-groups.js'
export { type GroupClaim } from '../groups/group-lease.js'
export { requireGroupSlot } from '../groups/require-group-slot.js'
export { printToStderr } from '../print-to-stderr.js'
export { THREAD_LEASES } from '../leases/scope.js'
export {
  claimOfBlock,
  coversClaim,
  describeClaim,
  groupsOf,
  isHeldBy,
  serialOf,
  type Claim,
  type JointClaim,
} from './claim.js'
export { checkFileClaim } from './check-file-claim.js'
export { checkFileGroups, createGroup, type GroupFunction, type GroupNames } from './create-group.js'
export { createSerial, type Registrar, type SerialHost } from './create-serial.js'
export { fileClaimOf } from './file-claim.js'
export { FileClaims, type Claimant, type FileGroups, type HeldClaim } from './file-claims.js'
export { following } from './following.js'
export type { HeldTime } from './held-times.js'
export {
  claimOf,
  leaseRequestsOf,
  type SerialClaim,
  type SerialMode,
  type SerialOptions,
  type SerialTarget,
} from './serial-claim.js'
