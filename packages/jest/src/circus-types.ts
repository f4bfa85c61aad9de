/** What heddle reads and sets of jest-circus' own types; the same in Jest 29 and 30. */

export type CircusFn = (this: unknown, ...args: never[]) => unknown

/** An error whose stack is the place where a test was written; it gets its message when the test fails. */
export interface CircusPlace {
  readonly message: string
  readonly stack?: string | undefined
}

export interface CircusBlock {
  readonly type: 'describeBlock'
  readonly name: string
  /** Undefined for the root of a file. */
  readonly parent?: CircusBlock | undefined
  readonly children: readonly CircusNode[]
  hooks: readonly unknown[]
}

export interface CircusTest {
  readonly type: 'test'
  readonly name: string
  readonly parent: CircusBlock
  readonly mode?: 'skip' | 'only' | 'todo' | null | undefined
  readonly asyncError?: CircusPlace | undefined
  /** One more with every retry. */
  readonly invocations: number
  readonly errors: unknown[]
  fn?: CircusFn | undefined
  /** Its hooks do not run then. */
  concurrent: boolean
  /** Ms since the epoch. */
  startedAt?: number | null
}

export type CircusNode = CircusBlock | CircusTest

export interface CircusState {
  readonly currentDescribeBlock: CircusBlock
  readonly hasFocusedTests: boolean
  readonly testNamePattern?: RegExp | null | undefined
  readonly unhandledErrors: unknown[]
  /** Blocks that are run again as a whole; Jest 30. */
  readonly describeRetryOptions?: { has(block: CircusBlock): boolean } | undefined
}

/** Those that heddle acts on. */
export type CircusEvent =
  | { readonly name: 'setup'; readonly runtimeGlobals: RuntimeGlobals }
  | { readonly name: 'start_describe_definition' | 'finish_describe_definition' }
  | { readonly name: 'add_test'; readonly asyncError?: CircusPlace | undefined }
  | { readonly name: 'run_describe_start' | 'run_describe_finish'; readonly describeBlock: CircusBlock }
  | { readonly name: 'test_start' | 'test_started' | 'test_done'; readonly test: CircusTest }

export interface RuntimeGlobals {
  readonly test: (...args: readonly unknown[]) => unknown
  readonly describe: (...args: readonly unknown[]) => unknown
}

export interface CircusEnvironment {
  readonly global: object
  handleTestEvent?: ((event: CircusEvent, state: CircusState) => unknown) | undefined
}
