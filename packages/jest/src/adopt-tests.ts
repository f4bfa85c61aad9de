import type { HostContext, HostProjectConfig, HostTest } from './host-types.js'
import { OPTIONS_GLOBAL } from './inline-options.js'
import type { JestRun } from './jest-run.js'

const RUN = Symbol.for('@heddle/jest.run')

interface Runners {
  /** The path of Jest's own runner. */
  readonly stock: string
  /** The path of heddle's. */
  readonly own: string
}

/**
 * Lets heddle's runner take the tests of every project that has Jest's own, however the project was configured; other
 * runners are kept. Configs are frozen and shared, so each context is replaced by one copy: Jest counts projects by
 * their contexts.
 */
export function adoptTests(tests: readonly HostTest[], run: JestRun, { stock, own }: Runners): HostTest[] {
  const adopted = new Map<HostContext, HostContext>()
  return tests.map((test) => {
    const { context } = test
    if (context.config.runner !== stock && context.config.runner !== own) return test
    const known = adopted.get(context) ?? { ...context, config: withRunner(context.config, own), [RUN]: run }
    adopted.set(context, known)
    return { ...test, context: known }
  })
}

/** The run that a test was adopted for. */
export function runOf({ context }: HostTest): JestRun | undefined {
  return (context as { readonly [RUN]?: JestRun })[RUN]
}

function withRunner(config: HostProjectConfig, runner: string): HostProjectConfig {
  const { [OPTIONS_GLOBAL]: _, ...globals } = config.globals
  const seenByTests = { ...config, globals }
  const clone = { ...seenByTests, runner }
  // The text of the config is part of the key of every compiled file, and what workers get. It stays what it is
  // without heddle: nothing has to be compiled again because heddle came, went or got another option.
  Object.defineProperty(clone, 'toJSON', { value: () => seenByTests })
  return Object.freeze(clone)
}
