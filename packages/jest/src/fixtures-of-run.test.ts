import { expect, test } from 'vitest'
import { globalConfig, sessionIn, tempDir } from '../fixtures/host.js'
import { FixturesOfRun } from './fixtures-of-run.js'

async function open() {
  const root = tempDir()
  const { session, printed } = await sessionIn(root)
  const { options, print } = session
  return { fixtures: new FixturesOfRun({ root, runId: root, options, print }), printed }
}

test('Jest leaves after the result that reaches the limit of --bail', async () => {
  const { fixtures } = await open()
  const { bail } = globalConfig({ bail: 2 })
  const isLast = (isWatching = false): boolean => fixtures.isLast({ bail, isWatching })
  fixtures.add({ numFailingTests: 1 })
  expect(isLast()).toBe(false)
  fixtures.add({ numFailingTests: 0 })
  // Jest does not count these.
  fixtures.fail()
  expect(isLast()).toBe(false)
  fixtures.add({ numFailingTests: 1 })
  expect(isLast()).toBe(true)
  expect(isLast(true)).toBe(false)
  expect(fixtures.isLast({ bail: 0, isWatching: false })).toBe(false)
})

test('a run ends without a word, also twice, also where it has not begun', async () => {
  const { fixtures, printed } = await open()
  await fixtures.close()
  fixtures.begin({ workers: 1, files: [] })
  await Promise.all([fixtures.close(), fixtures.close()])
  fixtures.closeNow()
  expect(printed).toEqual([])
})
