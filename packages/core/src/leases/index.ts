export { HeddleError, isHeddleError, reasonOf, type HeddleErrorCode } from '../errors.js'
export {
  acquireGroups,
  claimOfMembership,
  tryAcquireGroups,
  type GroupClaim,
  type HeldGroups,
} from '../groups/group-lease.js'
export type { LeaseBackend, Participant, PermitRequest, Permits, ResourceStatus } from './backend.js'
export { describeParticipant, quoteName } from './describe.js'
export { isRunLeaseName } from './fixture-names.js'
export { Leases, type AcquireOptions, type Lease, type TryOptions } from './leases.js'
export { isGroupLeaseName, isSlotOf } from './group-names.js'
export type { LeaseRequest, LeaseRequestOptions, LeaseShare } from './lease-request.js'
export { findLockDir, LOCK_DIR_VARIABLE } from './lock-dir.js'
export type { OwnerState } from './owners.js'
export type { Resource, Surroundings } from './resource.js'
export { DEFAULT_TIMEOUT_MS, LEASE_SCOPES, type LeaseScope } from './scope.js'
export { leasesOfThread, threadLeases } from './thread-leases.js'
export { TicketBackend } from './ticket-backend.js'
export type { LeaseLabel, TicketNote } from './ticket-note.js'
