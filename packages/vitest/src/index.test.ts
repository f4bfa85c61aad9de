import { expect, test } from 'vitest'
import { BaseSequencer } from './host.js'
import plugin from './index.js'
import { isHeddleSequencer } from './sequencer-brand.js'

interface ConfigHook {
  config(config: object): Promise<{ test: { sequence: { sequencer: unknown } } } | undefined>
}

const configHook = (): ConfigHook => plugin() as unknown as ConfigHook

test('sets its sequencer in the config, for projects that do not see the plugin', async () => {
  expect(isHeddleSequencer((await configHook().config({}))?.test.sequence.sequencer)).toBe(true)
})

test('leaves a sequencer and a shuffle of the user alone', async () => {
  expect(await configHook().config({ test: { sequence: { sequencer: BaseSequencer } } })).toBeUndefined()
  expect(await configHook().config({ test: { sequence: { shuffle: true } } })).toBeUndefined()
})

test('refuses wrong options where they are written, all at once', () => {
  const wrong = { failedFrist: true, history: { runs: 1.5 } } as object
  expect(() => plugin(wrong)).toThrow(/(?=.*"failedFrist", did you mean "failedFirst"\?).*"history\.runs" must be/s)
})
