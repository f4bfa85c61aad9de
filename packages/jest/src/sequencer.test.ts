import { expect, test } from 'vitest'
import { contextOf, globalConfig, tempDir, testOf } from '../fixtures/host.js'
import type { HostTest } from './host-types.js'
import { OPTIONS_GLOBAL } from './inline-options.js'
// `export =` is what Jest wants of a sequencer.
// oxlint-disable-next-line import/default
import HeddleSequencer from './sequencer.js'

test('a run with groups fails with the reason if nobody can see to them, instead of going on as Jest would', async () => {
  await expect(sortOneThatFails({ groups: { db: {} } })).rejects.toThrow('no such disk')
})

/** What heddle asks first fails, which is no error of the user. */
async function sortOneThatFails(options: object): Promise<HostTest[]> {
  const rootDir = tempDir()
  const context = contextOf({ rootDir, globals: { [OPTIONS_GLOBAL]: options } })
  let hasFailed = false
  const file = Object.defineProperty(testOf('a.test.js', context), 'path', {
    get: () => {
      if (hasFailed) return `${rootDir}/a.test.js`
      hasFailed = true
      throw new Error('no such disk')
    },
  })
  const sequencer = new HeddleSequencer({ contexts: [context], globalConfig: globalConfig({ rootDir }) })
  return sequencer.sort([file])
}
