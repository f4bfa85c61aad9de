import type { HeldTime } from '@heddle/core/serial'
import type { STOP_EVENT, StopMessage } from './stopped-worker.js'

/** What heddle reads of Jest's own types; the same in Jest 29 and 30. */

export interface HostProjectConfig {
  /** A hash of the project's directory and place among the projects. */
  readonly id: string
  readonly rootDir: string
  /** Absolute path of a module. */
  readonly runner: string
  /** Absolute path of a module. */
  readonly testRunner: string
  readonly displayName?: { readonly name: string } | undefined
  readonly cache: boolean
  readonly cacheDirectory: string
  readonly transform: readonly unknown[]
  /** Absolute paths of modules that run before the test runner does. */
  readonly setupFiles: readonly string[]
  readonly globals: Readonly<Record<string, unknown>>
}

export interface HostContext {
  readonly config: HostProjectConfig
}

export interface HostTest {
  readonly context: HostContext
  readonly path: string
  /** What the reporters' estimate is made of, ms. */
  readonly duration?: number | undefined
}

export interface HostGlobalConfig {
  readonly rootDir: string
  readonly maxWorkers: number
  /** After how many failed tests to stop; 0: never. */
  readonly bail: number
  readonly runInBand?: boolean | undefined
  readonly detectOpenHandles?: boolean | undefined
  readonly workerIdleMemoryLimit?: number | string | null | undefined
  readonly testNamePattern?: string | undefined
  /** What the command line names without a flag: parts of paths. */
  readonly nonFlagArgs?: readonly string[] | undefined
  /** Jest 29. */
  readonly testPathPattern?: string | undefined
  /** Jest 30. */
  readonly testPathPatterns?: { readonly patterns?: readonly string[] | undefined } | undefined
  readonly onlyChanged?: boolean | undefined
  readonly onlyFailures?: boolean | undefined
  readonly findRelatedTests?: boolean | undefined
  readonly filter?: string | undefined
  readonly json?: boolean | undefined
  readonly reporters?: readonly (readonly [string, ...unknown[]])[] | undefined
  /** Jest 30: tests are collected, not run. */
  readonly collectTests?: boolean | undefined
}

export interface HostTestResult {
  readonly testFilePath: string
  readonly testResults: readonly { readonly status: string; readonly invocations?: number | undefined }[]
  readonly numFailingTests: number
  readonly numPendingTests: number
  readonly perfStats: { readonly start: number; readonly end: number }
  /** Whether all tests of the file were skipped. */
  readonly skipped: boolean
  readonly leaks: boolean
  readonly testExecError?: unknown
  /** What heddle's test runner adds. */
  readonly heddle?: { readonly waitMs: number; readonly held: readonly HeldTime[] } | undefined
}

export interface HostRunResult {
  readonly testResults: readonly HostTestResult[]
  readonly wasInterrupted: boolean
}

export interface HostWatcher {
  isInterrupted(): boolean
  isWatchMode(): boolean
  on(event: 'change', listener: (state: { readonly interrupted: boolean }) => void): unknown
}

export interface HostRunOptions {
  /** In band. */
  readonly serial: boolean
}

/** What Jest's runner sends; `test-case-start` carries the path only. */
export interface HostEvents {
  readonly 'test-file-start': readonly [HostTest]
  readonly 'test-file-success': readonly [HostTest, HostTestResult]
  readonly 'test-file-failure': readonly [HostTest, unknown]
  readonly 'test-case-start': readonly [string, { readonly mode?: string | null | undefined }]
  /** Sent by heddle's test runner. */
  readonly [STOP_EVENT]: readonly [StopMessage]
}

export interface HostRunner {
  runTests(tests: HostTest[], watcher: HostWatcher, options: HostRunOptions): Promise<void>
  on<Name extends keyof HostEvents>(event: Name, listener: (args: HostEvents[Name]) => unknown): () => void
}

/** Jest 29 hands over two arguments, Jest 30 a third: the options of the runner. */
export type HostRunnerClass = new (globalConfig: HostGlobalConfig, context: unknown, options?: unknown) => HostRunner

export interface HostSequencer {
  sort(tests: HostTest[]): HostTest[] | Promise<HostTest[]>
  allFailedTests(tests: HostTest[]): HostTest[] | Promise<HostTest[]>
  cacheResults(tests: HostTest[], results: HostRunResult): void
}

/** What Jest 30 tells its sequencer; Jest 29 tells nothing. */
export interface HostSequencerOptions {
  readonly contexts: readonly HostContext[]
  readonly globalConfig: HostGlobalConfig
}

export type HostSequencerClass = new (options?: HostSequencerOptions) => HostSequencer
