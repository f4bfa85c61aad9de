import type { HeddleOptions, Session } from '@heddle/core'
import type { WorkerResources } from '@heddle/core/fixtures'
import type { FixturesOfWorker } from './fixtures-of-worker.js'

/** What heddle keeps for the life of Jest's main process, and of its workers. */
export interface ProcessState {
  /** The inline options of a root config with projects. */
  rootOptions?: HeddleOptions
  /** Open sessions by root directory and inline options: the runs of watch mode share one. */
  readonly sessions: Map<string, Session>
  /** Lines that were printed and need not be again. */
  readonly warned: Set<string>
  /** Of whoever runs test files: a worker, or in band Jest itself. */
  workerFixtures?: FixturesOfWorker
  workerResources?: WorkerResources
  /** Functions in options have numbers, to be told apart. */
  readonly functions: { readonly ids: WeakMap<object, number>; latest: number }
}

const STATE = Symbol.for('@heddle/jest')

/** One object per process and not per module: a monorepo can hold several copies of this package. */
export function processState(): ProcessState {
  const holder = globalThis as { [STATE]?: ProcessState }
  return (holder[STATE] ??= { sessions: new Map(), warned: new Set(), functions: { ids: new WeakMap(), latest: 0 } })
}
