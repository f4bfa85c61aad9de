import type { FixtureSettings } from '@heddle/core/fixtures'
import type { GroupClaim, TestRules } from '@heddle/core/serial'

/** What the main process tells every worker of a run. */
export interface WorkerRun {
  /** Where Vitest runs, absolute. */
  readonly root: string
  /** What test files are named relative to, absolute. */
  readonly workspace: string
  readonly runId: string
  /** Of Vitest: 3, 4, 5. */
  readonly major: number
  readonly fixtures: FixtureSettings
  /** Which groups single tests are in. */
  readonly testRules?: TestRules
  /** What files need that nobody takes for them, by absolute path. */
  readonly needs?: Readonly<Record<string, FileNeeds>>
  /** Where the file runs, if heddle has started its worker. */
  readonly seat?: Seat
  /** Whether Vitest gives the number of a worker to another one only when its process has gone. */
  readonly hasOwnSlots?: boolean
  /** The first number that a worker may take for itself: heddle gives out those before it. @default 1 */
  readonly firstSlot?: number
}

/** What a file takes itself before it runs. */
export interface FileNeeds {
  readonly claims: readonly SentClaim[]
  /** Groups that nobody else can want while it runs. */
  readonly free: readonly SentClaim[]
}

/** A claim on its way to a worker: some pools send JSON, which has no Infinity, and null arrives. */
export interface SentClaim extends Omit<GroupClaim, 'limit'> {
  readonly limit: number | null
}

/** The place of a file among those that run at the same time. */
interface Seat {
  readonly slot: number
  readonly groupSlots: Readonly<Record<string, number>>
  /** What has been taken for it. */
  readonly groups: readonly SentClaim[]
}

/** The name under which it is provided. */
export const WORKER_RUN = 'heddle'
