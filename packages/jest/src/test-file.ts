import { AsyncLocalStorage } from 'node:async_hooks'
import type { Leases } from '@heddle/core/leases'
import {
  checkFileClaim,
  createGroup,
  createSerial,
  describeClaim,
  FileClaims,
  isHeldBy,
  serialOf,
  type Claim,
  type HeldTime,
  requireGroupSlot,
  type SerialClaim,
  WORKERS,
} from '@heddle/core/serial'
import { blocksIn, fullNameOf, testsIn, willRun } from './circus-tree.js'
import type {
  CircusBlock,
  CircusEnvironment,
  CircusEvent,
  CircusNode,
  CircusPlace,
  CircusState,
  CircusTest,
  RuntimeGlobals,
} from './circus-types.js'
import type { FixturesOfFile } from './fixtures-of-file.js'
import type { GroupSlots } from './group-settings.js'
import { hideOwnFrames } from './own-frames.js'
import { ClaimRegistry, type Registering } from './claim-registry.js'
import { installHeddle } from './installed-heddle.js'
import { KeptClaims } from './kept-claims.js'
import { after, before } from './listen-to-events.js'
import { willRetryAtOnce } from './retries.js'
import { trackBody } from './track-body.js'
import { withPlaceOf } from './with-place-of.js'
import type { WorkerGroups } from './worker-groups.js'

/** What surrounds a test file. */
export interface FileSurroundings {
  /** As people know the file. */
  readonly file: string
  /** What its source says that all of it must be serial with. */
  readonly serial: SerialClaim | undefined
  readonly groups: WorkerGroups
  /** Makes sure that what the file says of its groups was read. */
  readonly checkGroups: Parameters<typeof createGroup>[0]
  readonly slot: number
  readonly runId: string
  /** What tests may ask for besides. */
  readonly fixtures: Pick<FixturesOfFile, 'functions' | 'followTests' | 'resources'>
  /** Asked for when the first claim is to be taken. */
  readonly leases: () => Leases
  /** Ends this worker, if it can be ended alone. */
  readonly stopWorker: ((test: string) => Promise<never>) | undefined
  /** Takes one line for people. */
  readonly print: (line: string) => void
}

const MODIFIERS = ['each', 'only', 'skip', 'todo', 'failing']

/** One test file: takes what it and its tests claim before they begin, and gives it back when they have ended. */
export class TestFile {
  readonly #surroundings: FileSurroundings
  /** What is taken here for all of the file. */
  readonly #claim: Claim | undefined
  readonly #registry: ClaimRegistry
  readonly #kept: KeptClaims
  /** Why a test must not run. */
  readonly #refusals = new WeakMap<CircusTest, object>()
  readonly #ids = new Map<CircusNode, string>()
  #leases: Leases | undefined
  #claims: FileClaims | undefined
  #current: CircusTest | undefined
  /** Waits for its next attempt, which comes at once, with what it holds. */
  #retrying: CircusTest | undefined

  constructor(surroundings: FileSurroundings) {
    this.#surroundings = surroundings
    const { serial, groups } = surroundings
    this.#registry = new ClaimRegistry(groups.ofTest)
    this.#claim = groups.toTake.length === 0 ? serial : { groups: groups.toTake, serial }
    this.#kept = new KeptClaims((error) => surroundings.print(messageOf(error)))
  }

  /** How long the file has waited, ms. */
  get waitedMs(): number {
    return this.#claims?.waitedMs ?? 0
  }

  /** How long something in it held what, ms. */
  get held(): readonly HeldTime[] {
    return this.#claims?.held ?? []
  }

  /** The slot of the file in each of its groups, once it is open. */
  get groupSlots(): GroupSlots {
    const { held, toTake } = this.#surroundings.groups
    const slots = toTake
      .filter(({ name }) => name !== WORKERS)
      .map(({ name }) => [name, this.#groupSlotOf(name)] as const)
    return { ...held.slots, ...Object.fromEntries(slots.filter(hasSlot)) }
  }

  /** Takes what the file claims. @throws HeddleError as {@link Leases.acquire} */
  async open(): Promise<void> {
    const claim = this.#claim
    if (claim !== undefined) await this.#kept.keep(undefined, () => this.#fileClaims().hold(claim, FILE))
  }

  /** Gives back whatever is left, except what tests hold that still run. */
  async close(): Promise<void> {
    const { file, print } = this.#surroundings
    // It would keep all that the file made in memory.
    if (this.#leases !== undefined) this.#leases.currentHolder = undefined
    // The results say more than why a lock was lost.
    await this.#kept.end().catch((error: unknown) => print(messageOf(error)))
    for (const { test, claim } of this.#kept.left) {
      print(
        `"${fullNameOf(test)}" (${file}) has timed out but still runs; it holds ${describeClaim(claim)} until it or its worker has ended`,
      )
    }
  }

  /** What counts as the holder for leases that the running test asks for. */
  get #currentHolder(): string | undefined {
    const test = this.#current
    return test && this.#claims?.holderOf(this.#idOf(test), this.#around(test))
  }

  /** Listens to the events of the file, beside whoever does already. */
  attachTo(environment: CircusEnvironment): void {
    const theirs = environment.handleTestEvent?.bind(environment)
    environment.handleTestEvent = (event, state) =>
      this.#handle(event, state, environment, () => theirs?.(event, state))
  }

  #handle(event: CircusEvent, state: CircusState, { global }: CircusEnvironment, next: () => unknown): unknown {
    switch (event.name) {
      case 'setup':
        this.#install(global, event.runtimeGlobals)
        return next()
      case 'start_describe_definition':
        this.#registry.enterBlock(state.currentDescribeBlock)
        return next()
      case 'finish_describe_definition':
        this.#registry.leaveBlock()
        return next()
      case 'add_test':
        this.#addTest(event, state)
        return next()
      case 'run_describe_start':
        return before(next, () => this.#beginBlock(event.describeBlock, state))
      case 'run_describe_finish':
        return after(next, () => this.#endBlock(event.describeBlock, state))
      case 'test_start':
        return before(next, () => this.#endRetrying(event.test))
      case 'test_started':
        return before(next, () => this.#beginTest(event.test))
      case 'test_done':
        return after(next, () => this.#endTest(event.test, state, global))
      default:
        return next()
    }
  }

  #install(global: object, { test, describe }: RuntimeGlobals): void {
    const { file, serial, checkGroups, slot, runId, fixtures } = this.#surroundings
    const register =
      (what: Registering['what']) => (claim: SerialClaim, registrar: Registrar, args: readonly unknown[]) =>
        this.#registry.register({ what, claim }, () => registrar(...args))
    installHeddle(global, {
      serial: createSerial({
        test,
        describe,
        modifiers: MODIFIERS,
        registerTests: register('tests'),
        registerBlock: register('block'),
        claimFile: (claim) => checkFileClaim(claim, serial, file),
      }) as Registrar,
      isSerial: (key) => this.#kept.active.some((claim) => isHeldBy(claim, key)),
      group: createGroup(checkGroups),
      slot,
      runId,
      groupSlot: (group) => requireGroupSlot(group, this.#groupSlotOf(group), file),
      get fixtures() {
        return fixtures.functions
      },
      resources: fixtures.resources,
      followTests: () => fixtures.followTests(),
    })
  }

  /** Of the running test, or else of the file. */
  #groupSlotOf(group: string): number | undefined {
    const { slots } = this.#surroundings.groups.held
    return (
      this.#claims?.groupSlotOf(group, this.#kept.active) ?? (Object.hasOwn(slots, group) ? slots[group] : undefined)
    )
  }

  #addTest({ asyncError }: { readonly asyncError?: CircusPlace | undefined }, state: CircusState): void {
    const test = state.currentDescribeBlock.children.at(-1)
    // To read a stack costs two milliseconds, most of them for source maps.
    if (asyncError !== undefined && this.#registry.isRegistering) hideOwnFrames(asyncError)
    // Jest registers no test inside of another.
    if (test?.type !== 'test' || test.asyncError !== asyncError) return
    const isClaimed = this.#registry.addTest(test)
    // Jest 29 would start it before all others.
    if (isClaimed) test.concurrent = false
    if (test.fn !== undefined && (isClaimed || this.#claim !== undefined))
      test.fn = trackBody(test.fn, () => this.#kept.begin(test))
  }

  async #beginBlock(block: CircusBlock, state: CircusState): Promise<void> {
    const claim = this.#registry.claimBlock(
      block,
      testsIn(block).filter((test) => willRun(test, state)),
    )
    if (claim === undefined) return
    try {
      await this.#take(block, claim)
    } catch (error) {
      for (const one of blocksIn(block)) one.hooks = []
      for (const test of testsIn(block)) this.#refusals.set(test, error as object)
    }
  }

  async #endBlock(block: CircusBlock, state: CircusState): Promise<void> {
    await this.#endRetrying(undefined)
    await this.#kept.done(block).catch((error: unknown) => state.unhandledErrors.push(error))
  }

  async #beginTest(test: CircusTest): Promise<void> {
    const claim = this.#registry.claimOf(test)
    const startedAt = now()
    try {
      if (claim !== undefined && !this.#refusals.has(test)) await this.#take(test, claim)
    } catch (error) {
      this.#refusals.set(test, error as object)
    }
    if (typeof test.startedAt === 'number') test.startedAt += now() - startedAt
    this.#current = test
    const refusal = this.#refusals.get(test)
    if (refusal === undefined) return
    test.errors.push(withPlaceOf(test, refusal))
    // Without its hooks; with an error Jest does not call its function.
    test.concurrent = true
  }

  async #endTest(test: CircusTest, state: CircusState, global: object): Promise<void> {
    this.#current = undefined
    if (this.#refusals.has(test)) test.concurrent = false
    if (this.#kept.isRunning(test)) await this.#stopWorker(test)
    if (willRetryAtOnce(test, state, global)) this.#retrying = test
    else await this.#kept.done(test).catch((error: unknown) => test.errors.push(error))
  }

  /** The next attempt has not come: something else begins. */
  async #endRetrying(next: CircusTest | undefined): Promise<void> {
    const test = this.#retrying
    this.#retrying = undefined
    if (test !== undefined && test !== next)
      await this.#kept.done(test).catch((error: unknown) => test.errors.push(error))
  }

  async #stopWorker(test: CircusTest): Promise<void> {
    const { print, stopWorker } = this.#surroundings
    const own = this.#registry.claimOf(test)
    if (![own, ...this.#around(test)].some((claim) => claim && serialOf(claim)?.onTimeout === 'stop-worker')) return
    if (stopWorker !== undefined) return stopWorker(fullNameOf(test))
    print(`"${fullNameOf(test)}" has timed out, but there is no worker process to stop: onTimeout is taken as wait`)
  }

  #take(node: CircusNode, claim: Claim): Promise<void> {
    const claimant = { id: this.#idOf(node), test: fullNameOf(node) }
    return this.#kept.keep(node, () => outside(() => this.#fileClaims().hold(claim, claimant, this.#around(node))))
  }

  #around(node: CircusNode): Claim[] {
    return [...this.#registry.around(node), ...(this.#claim === undefined ? [] : [this.#claim])]
  }

  #fileClaims(): FileClaims {
    if (this.#claims !== undefined) return this.#claims
    this.#leases = this.#surroundings.leases()
    this.#leases.currentHolder = () => this.#currentHolder
    return (this.#claims = new FileClaims(this.#leases, this.#surroundings.file, this.#surroundings.groups.held))
  }

  #idOf(node: CircusNode): string {
    const id = this.#ids.get(node) ?? String(this.#ids.size)
    this.#ids.set(node, id)
    return id
  }
}

/**
 * Runs a function outside of the test that is running. Jest 30 keeps the test in the asynchronous context; what waits for
 * locks lives longer than the file, and would keep all of it in memory.
 */
const outside = AsyncLocalStorage.snapshot()

function hasSlot(entry: readonly [string, number | undefined]): entry is readonly [string, number] {
  return entry[1] !== undefined
}

type Registrar = (...args: readonly unknown[]) => unknown

const FILE = { id: 'file', test: undefined }

/** As they were when this was loaded, outside of Jest's sandbox: tests cannot fake them. */
const { now } = Date

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
}
