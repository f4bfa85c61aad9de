import type { HostContext, HostProjectConfig, HostTest } from './host-types.js'
import { OPTIONS_GLOBAL } from './inline-options.js'
import type { JestRun } from './jest-run.js'

const RUN = Symbol.for('@heddle/jest.run')

/** The path of a module of Jest, and that of heddle's in its place. */
interface Replacement {
  readonly stock: string
  readonly own: string
}

interface Replacements {
  /** What gives files to workers. */
  readonly runner: Replacement
  /** What runs the tests of one file. */
  readonly testRunner: Replacement
}

/**
 * Lets heddle's runner and test runner take the tests of every project that has Jest's own, however the project was
 * configured; others are kept. Configs are frozen and shared, so each context is replaced by one copy: Jest counts
 * projects by their contexts.
 */
export function adoptTests(tests: readonly HostTest[], run: JestRun, replacements: Replacements): HostTest[] {
  const adopted = new Map<HostContext, HostContext>()
  return tests.map((test) => {
    const context = adopted.get(test.context) ?? adoptContext(test.context, run, replacements)
    adopted.set(test.context, context)
    return context === test.context ? test : { ...test, context }
  })
}

function adoptContext(context: HostContext, run: JestRun, { runner, testRunner }: Replacements): HostContext {
  const { config } = context
  const isOurs = isReplaced(config.runner, runner)
  const isOursInside = isReplaced(config.testRunner, testRunner)
  const isCarrying = OPTIONS_GLOBAL in config.globals
  if (!isOurs && !isOursInside && !isCarrying) return context
  const clone = cloneConfig(config, {
    runner: isOurs ? runner.own : config.runner,
    testRunner: isOursInside ? testRunner.own : config.testRunner,
  })
  return { ...context, config: clone, ...(isOurs ? { [RUN]: run } : {}) }
}

function isReplaced(path: string, { stock, own }: Replacement): boolean {
  return path === stock || path === own
}

/** The run that a test was adopted for. */
export function runOf({ context }: HostTest): JestRun | undefined {
  return (context as { readonly [RUN]?: JestRun })[RUN]
}

function cloneConfig(
  config: HostProjectConfig,
  { runner, testRunner }: Pick<HostProjectConfig, 'runner' | 'testRunner'>,
): HostProjectConfig {
  const { [OPTIONS_GLOBAL]: _, ...globals } = config.globals
  const seenByTests = { ...config, globals, testRunner }
  const clone = { ...seenByTests, runner }
  // The text of the config is part of the key of every compiled file, and what workers get. Of heddle it has no more
  // than workers need, the test runner: nothing has to be compiled again because heddle got another option.
  Object.defineProperty(clone, 'toJSON', { value: () => seenByTests })
  return Object.freeze(clone)
}
