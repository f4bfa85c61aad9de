import type { FixtureThread } from '../fixtures/fixture-place.js'
import type { PerTest } from './resource.js'

/** The thread in which resources are asked for. */
export type ResourceThread = Pick<FixtureThread, 'settings' | 'workerId' | 'slot' | 'print'>

/** A test file that is about to run. */
export interface FileOfResources {
  /** As people know it: its path from the workspace root. */
  readonly file: string
  /** Absolute. */
  readonly path: string
}

/** What a file may say for itself, for one resource. */
export interface ResourceOptions {
  /** For the tests of this file. @default what the resource says */
  readonly perTest?: PerTest | undefined
}

/** What is left of an attempt. */
export interface ResourceRemains {
  /** Why the test has to fail: HeddleErrors `HEDDLE_RESOURCE_LEFT_OPEN`, `HEDDLE_RESOURCE_FAILED`. */
  readonly failures: readonly Error[]
  /** Told beside the failure. */
  readonly kept: readonly string[]
}
