import type { Fixtures, ResourceOptions } from '@heddle/core/fixtures'
import type { Membership, Registrar, SerialClaim } from '@heddle/core/serial'

/** What the setup file offers to `serial` in the same realm, however often either module is loaded there. */
export interface WorkerSide {
  readonly test: Registrar
  readonly describe: Registrar
  /** Those of the file that runs, and of the test in which somebody asks. */
  readonly fixtures: Fixtures
  /** Of the resources of heddle.config. */
  readonly resourceNames: readonly string[]
  /** The file says how it wants a resource. @throws HeddleError `HEDDLE_RESOURCE_INVALID` */
  declareResource(name: string, options: ResourceOptions): void
  /** Of the attempt in which somebody asks, else of the file. @throws HeddleError `HEDDLE_RESOURCE_INVALID`, `HEDDLE_FIXTURE_OUTSIDE` */
  handleOfResource(name: string): object
  /** From now on it is known which test asks, also where several run at once. */
  followTests(): void
  /** The tests that `register` registers carry the claim. */
  registerTests(claim: SerialClaim, register: () => unknown): unknown
  /** The block whose function is running carries the claim. */
  claimBlock(claim: SerialClaim): void
  /** The file says what was read from its source. @throws HeddleError `HEDDLE_SERIAL_INVALID` if it was not */
  claimFile(claim: SerialClaim): void
  /** The file says that it is in groups. @throws HeddleError `HEDDLE_GROUP_UNREAD` if that was not read from its source */
  claimGroups(memberships: readonly Membership[]): void
  /** Runs the function of a serial test; what it holds is kept until the function has ended, whatever Vitest thinks of it. */
  runBody(body: () => unknown): unknown
  isSerial(key: string | undefined): boolean
  /** The slot of the running test or its file in a group. @throws HeddleError `HEDDLE_GROUP_NOT_HELD` */
  groupSlot(group: string): number
}

const KEY = Symbol.for('heddle.vitest.worker.v1')

type Realm = typeof globalThis & { [KEY]?: WorkerSide }

export function workerSide(): WorkerSide | undefined {
  return (globalThis as Realm)[KEY]
}

export function offerWorkerSide(side: WorkerSide): void {
  ;(globalThis as Realm)[KEY] = side
}
