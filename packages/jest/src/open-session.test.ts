import { expect, test } from 'vitest'
import { contextOf, globalConfig, tempDir } from '../fixtures/host.js'
import { OPTIONS_GLOBAL } from './inline-options.js'
import { openSessionOf } from './open-session.js'

test('the runs of watch mode share a session, and with it the history', async () => {
  const options = { contexts: [contextOf()], globalConfig: globalConfig({ rootDir: tempDir() }) }
  const first = await openSessionOf([], options)
  expect(first.root).toBe(options.globalConfig.rootDir)
  expect(await openSessionOf([], options)).toBe(first)
})

test('other options open another one', async () => {
  const silent = contextOf({ globals: { [OPTIONS_GLOBAL]: { silent: true } } })
  const shared = { globalConfig: globalConfig({ rootDir: tempDir() }) }
  const first = await openSessionOf([], { ...shared, contexts: [contextOf()] })
  const second = await openSessionOf([], { ...shared, contexts: [silent] })
  expect([first.options.silent, second.options.silent]).toEqual([false, true])
})

test('Jest 29 tells nothing: the directory is found from the working directory', async () => {
  const { root } = await openSessionOf([], undefined)
  expect(root).toBe(process.cwd())
})
