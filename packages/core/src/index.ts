export { codeOf, HeddleError, isHeddleError, reasonOf, type HeddleErrorCode } from './errors.js'
export { isHeldBack, NO_DEMAND, permitsOf, type Demand, type Group, type Membership } from './groups/demand.js'
export { groupClaimsOf, workersClaimOf, WORKERS } from './groups/group-claims-of.js'
export { type GroupClaim } from './groups/group-lease.js'
export { type GroupPlan } from './groups/group-plan.js'
export { scheduledDemandOf } from './groups/hints.js'
export { type GroupOptions, type GroupTarget, type PlacedRule, type Rule, type RuleFile } from './groups/rule.js'
export { slotVariables, type Slots } from './groups/slot-variables.js'
export { type TestRules } from './groups/test-rules.js'
export { expectedDurations, type Expectation } from './history/expected-durations.js'
export { expectedHolds, type ExpectedHold } from './history/expected-holds.js'
export type { HeldColumn } from './history/held-columns.js'
export { takeInventory, type FileInventory, type HistoryInventory, type MeasuredRuns } from './history/inventory.js'
export { planPrune, pruneHistory, type Pruned } from './history/prune-history.js'
export { readHistory, type History, type StoredRecord } from './history/read-history.js'
export {
  createRunRecord,
  filesOf,
  OUTCOMES,
  type Columns,
  type FileRecord,
  type Outcome,
  type RunHeader,
  type RunRecord,
  type ShardOfRun,
} from './history/run-record.js'
export { formatSnapshot, planSnapshot, readSnapshot, SNAPSHOT_FILE, type Snapshot } from './history/snapshot.js'
export { median } from './history/weighted-median.js'
export { createHistoryDir, replaceFile, writeRecord } from './history/write-record.js'
export {
  defineResource,
  RESOURCE,
  type AnyResourceDefinition,
  type CleanOptions,
  type EndedTest,
  type InstanceRequest,
  type PerTest,
  type ResetReport,
  type Resource,
  type ResourceAdmin,
  type ResourceCalls,
  type ResourceContext,
  type ResourceDefinition,
  type ResourceHandle,
  type ResourceInWorker,
  type ResourceRow,
  type ResourcesOf,
  type ResourceSurroundings,
  type ResourceWorkerModule,
  type ResourceWorkerPart,
  type TestReport,
} from './resources/resource.js'
export { isOneAtATime } from './options/one-at-a-time.js'
export { resolveHeddleOptions, type HeddleOptions, type ResolvedOptions } from './options/options.js'
export { type FoundFile } from './plan/estimate-jobs.js'
export {
  FOUND_FILES_VARIABLE,
  readFoundFiles,
  writeFoundFiles,
  type DemandReason,
  type FoundFileDemand,
  type FoundFiles,
  type FoundTestRule,
  type ListedGroups,
} from './plan/found-files.js'
export { type Job } from './plan/job.js'
export { lowerBoundOf, makespanOf, type LowerBound } from './plan/makespan.js'
export { planOrder, type OrderOptions, type OrderPlan } from './plan/plan-order.js'
export { planShards, type Shard, type ShardJob, type ShardPlan } from './plan/plan-shards.js'
export { scheduleJobs, type ScheduledJob } from './plan/schedule-jobs.js'
export { formatShardPlan, readShardPlan } from './plan/shard-plan-file.js'
export { verifyShards, type VerifiedSuite } from './plan/verify-shards.js'
export { printToStderr } from './print-to-stderr.js'
export { dispatchJobOf, type DispatchJob } from './run/dispatch-job.js'
export { Dispatcher, type Admission, type DispatcherSetup } from './run/dispatcher.js'
export { RunRecorder, type FileMeasurement, type RunStart } from './run/run-recorder.js'
export { formatMs, formatSummary, type RunSummary } from './run/run-summary.js'
export {
  openSession,
  PLATFORM,
  Session,
  type SessionInput,
  type ShardRequest,
  type ShardSource,
} from './run/session.js'
export { createScheduler } from './schedule/create-scheduler.js'
export { simulate, type SimulationSetup } from './schedule/simulate.js'
export type { Decision, Scheduler, SchedulerEvent, SchedulerJob, SchedulerSetup, Start } from './schedule/scheduler.js'
export { compareKeys, displayKey, jobKey, parseJobKey, toPortablePath } from './workspace/job-key.js'
export { guessOf } from './unknown-keys.js'
export { findWorkspaceRoot } from './workspace/workspace-root.js'
export { describeUnknownKeys } from './unknown-keys.js'
