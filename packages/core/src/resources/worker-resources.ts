import type { FixtureThread } from '../fixtures/fixture-place.js'
import type { EndedTest, PerTest } from './resource.js'

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

/** The resources of one worker process or thread: one connection to the main process, for one test file after the other. */
export declare class WorkerResources {
  constructor(thread: ResourceThread)
  /**
   * Before any code of the user's is loaded for the file. Resolves when all that the file uses is there.
   *
   * @throws HeddleError `HEDDLE_RESOURCE_FAILED` and what making it throws
   */
  openFile(file: FileOfResources): Promise<FileResources>
  /** The worker ends, or nothing of it is left for the next file. Safe to call twice. */
  close(): Promise<void>
}

/** What one test file has of resources. */
export declare class FileResources {
  /** To be set before the user's code is loaded. Empty if the file uses none. */
  readonly env: Readonly<Record<string, string>>
  readonly isEmpty: boolean
  /** `resource(name, options)` is called at the top of the file. @throws HeddleError `HEDDLE_RESOURCE_INVALID` */
  declare(name: string, options: ResourceOptions): void
  /**
   * What tests see of it.
   *
   * @param attempt the one in which somebody asks; undefined at file level
   * @throws HeddleError `HEDDLE_RESOURCE_INVALID`, `HEDDLE_FIXTURE_OUTSIDE`
   */
  handleOf(name: string, attempt: object | undefined): object
  /**
   * An attempt begins, before its `beforeEach`: everything is made clean.
   *
   * @returns variables to be set for this attempt (`clone`), none where several tests run at once
   * @throws HeddleError `HEDDLE_RESOURCE_INVALID` if another attempt goes on beside it and something is reset in place,
   *   `HEDDLE_RESOURCE_FAILED`
   */
  beginTest(attempt: object, label: string): Promise<Readonly<Record<string, string>>>
  /** It has ended: after its `afterEach`, and after its fixtures were given back. Never throws. */
  endTest(attempt: object, test: EndedTest): Promise<ResourceRemains>
  /** The file is over: after its `afterAll`. Safe to call twice. */
  close(): Promise<void>
}
