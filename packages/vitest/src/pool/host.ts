import * as node from 'vitest/node'
import type { PoolOptions, PoolWorker, TestProject, TestSpecification, Vitest } from 'vitest/node'

/** Everything about pools that differs between Vitest 4.1 and 5, or is public in neither, is in this file. */

export type { PoolOptions, PoolWorker, WorkerRequest, WorkerResponse } from 'vitest/node'

/** The pools of Vitest whose workers heddle starts itself. */
export type PoolName = 'forks' | 'threads'

type WorkerClass = new (options: PoolOptions) => PoolWorker

/** Not in Vitest 3. */
const classes: { readonly ForksPoolWorker?: WorkerClass; readonly ThreadsPoolWorker?: WorkerClass } = node

/** What a file is told to run in once heddle decides when it starts; its own name comes first in Vitest's messages. */
const SUFFIX = ' (heddle)'

/** The oldest Vitest whose pools have the messages that heddle passes on, and the major that nobody has tried yet. */
const OLDEST = [4, 1] as const
const UNKNOWN_MAJOR = 6

/** Whether this Vitest lets somebody else start its workers, in a way that heddle knows. */
function hasOpenPool({ version }: Vitest): boolean {
  const [major = 0, minor = 0] = partsOf(version)
  const isKnown = major < UNKNOWN_MAJOR && (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]))
  return isKnown && classes.ForksPoolWorker !== undefined && classes.ThreadsPoolWorker !== undefined
}

function partsOf(version: string): number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10))
}

/** A worker of Vitest's own; nothing runs before it is started. */
export function createHostWorker(pool: PoolName, options: PoolOptions): PoolWorker {
  const Worker = pool === 'forks' ? classes.ForksPoolWorker : classes.ThreadsPoolWorker
  if (Worker === undefined) throw new Error(`Vitest has no workers for the pool "${pool}"`)
  return new Worker(options)
}

/** Settings that heddle changes for the moment in which Vitest hands files out. */
interface PoolConfig {
  poolRunner?: { readonly name: string; createPoolWorker(options: PoolOptions): PoolWorker } | undefined
  maxWorkers?: number
  readonly isolate?: boolean
  readonly inspector?: { readonly enabled?: boolean }
}

function configOf(owner: TestProject | Vitest): PoolConfig {
  return owner.config
}

/**
 * Why Vitest starts a file itself, for people; empty if everybody knows.
 *
 * @returns undefined if it need not
 */
export function obstacleOf(vitest: Vitest, { pool }: TestSpecification): string | undefined {
  if (pool === 'browser') return 'files in the browser are in no group: groups are enforced in Node only'
  const [major = 0] = partsOf(vitest.version)
  if (major < OLDEST[0]) return ''
  if (!hasOpenPool(vitest)) return waitingIn(`Vitest ${vitest.version}, which heddle does not know yet`)
  if (configOf(vitest).inspector?.enabled) return waitingIn('a run with --inspect')
  return isPoolName(pool) ? undefined : waitingIn(`the pool ${pool}`)
}

function waitingIn(what: string): string {
  return `in ${what}, files wait for their groups in a worker, which is taken meanwhile`
}

function isPoolName(pool: string): pool is PoolName {
  return pool === 'forks' || pool === 'threads'
}

export function isIsolated(project: TestProject): boolean {
  return configOf(project).isolate ?? true
}

/** Has Vitest ask `create` for a worker for this file. @returns undoes it */
export function redirect(
  specification: TestSpecification,
  create: (pool: PoolName, name: string, options: PoolOptions) => PoolWorker,
): () => void {
  const { project, pool } = specification
  if (!isPoolName(pool)) return () => undefined
  const name = `${pool}${SUFFIX}`
  const config = configOf(project)
  config.poolRunner = { name, createPoolWorker: (options) => create(pool, name, options) }
  const redirected = specification as { pool: string }
  redirected.pool = name
  return () => {
    redirected.pool = pool
  }
}

/** Has Vitest hand out at least as many files of the project at once. @returns undoes it */
export function raiseMaxWorkers(project: TestProject, atLeast: number): () => void {
  const config = configOf(project)
  const { maxWorkers: before } = config
  config.maxWorkers = Math.max(atLeast, before ?? 0)
  return () => {
    if (before === undefined) delete config.maxWorkers
    else config.maxWorkers = before
  }
}

/** What Vitest keeps of a run; public in no major. */
interface State {
  readonly catchError?: (error: unknown, type: string) => void
  readonly cancelFiles?: (files: { filepath: string }[], project: TestProject) => void
}

function stateOf({ vitest }: TestProject): State {
  return vitest.state
}

/** Reports files as Vitest does that were cancelled before they began. */
export function reportCancelled(project: TestProject, files: { filepath: string }[]): void {
  stateOf(project).cancelFiles?.(files, project)
}

/** Reports an error of a worker that ends while none of Vitest's own listens to it. */
export function reportTeardownError(project: TestProject, error: unknown): void {
  stateOf(project).catchError?.(error, 'Teardown Error')
}
