import { reasonOf, type Outcome } from '@heddle/core'
import type { Reporter, TestModule } from 'vitest/node'
import type { Adapter, Run } from './adapter.js'
import { isHeddleSequencer } from './sequencer-brand.js'
import { isCancelling, isPartialRun, isTypeTest } from './host.js'

/** Measures every file and writes the run to the history. Prints nothing but one line at the end. */
export function createReporter(adapter: Adapter): Reporter {
  return {
    async onTestRunStart(specifications) {
      adapter.remember(specifications)
      adapter.announceRun()
      // Nobody else tells when a sequencer of the user's has the say.
      if (isHeddleSequencer(adapter.vitest.config.sequence.sequencer)) return
      const plan = await adapter.dispatch.planGroups(specifications)
      await adapter.dispatch.begin(specifications, { plan, isOrderOurs: false })
    },
    async onTestModuleQueued(module) {
      const now = performance.now()
      const run = await adapter.run()
      run.clock.start(module.id, now)
    },
    async onTestModuleEnd(module) {
      const now = performance.now()
      const run = await adapter.run()
      const slotMs = run.clock.end(module.id, now)
      if (!isTypeTest(module)) await guard(adapter, () => addModule(adapter, run, module, slotMs))
    },
    async onTestRunEnd(modules, errors) {
      const run = adapter.takeRun()
      const hasFailed = errors.length > 0 || modules.some((module) => !module.ok())
      await adapter.fixtures.end(hasFailed)
      if (run === undefined) return
      await guard(adapter, async () => {
        for (const module of modules) await addIfCrashed(adapter, run, module)
        await adapter.printSummary(run)
      })
    },
  }
}

/** A failure to record must not fail the user's run. */
async function guard(adapter: Adapter, record: () => Promise<void>): Promise<void> {
  try {
    await record()
  } catch (error) {
    const { print } = await adapter.session()
    print(`Cannot record this run: ${reasonOf(error)}`)
  }
}

async function addModule(adapter: Adapter, run: Run, module: TestModule, slotMs: number | undefined): Promise<void> {
  let tests = 0
  let retries = 0
  for (const test of module.children.allTests()) {
    tests++
    retries += test.diagnostic()?.retryCount ?? 0
  }
  run.recorder.add(await adapter.keyOf(module), {
    slotMs: slotMs ?? 0,
    waitMs: module.meta().heddle?.waitMs ?? 0,
    held: module.meta().heddle?.held,
    tests,
    retries,
    outcome: outcomeOf(module),
    isPartial: slotMs === undefined || isPartialRun(adapter.vitest, module, adapter.specificationOf(module)),
  })
}

/** A file whose worker died never ends: Vitest leaves it pending. */
async function addIfCrashed(adapter: Adapter, run: Run, module: TestModule): Promise<void> {
  const slotMs = run.clock.end(module.id, performance.now())
  if (slotMs === undefined || isCancelling(adapter.vitest) || isTypeTest(module)) return
  run.recorder.add(await adapter.keyOf(module), { slotMs, tests: 0, retries: 0, outcome: 'crashed', isPartial: true })
}

function outcomeOf(module: TestModule): Outcome {
  const state = module.state()
  return state === 'passed' || state === 'skipped' ? state : 'failed'
}
