import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryDir } from '../../fixtures/directories.js'
import { THREAD_LEASES } from './scope.js'
import { leasesOfThread, threadLeases } from './thread-leases.js'

function surroundings() {
  const dir = temporaryDir()
  mkdirSync(join(dir, '.git'))
  return { env: { HEDDLE_LOCK_DIR: join(dir, 'locks') }, root: dir }
}

test('whoever asks for the same gets the same', () => {
  const { root, env } = surroundings()
  expect(threadLeases({ root }, env)).toBe(threadLeases({ root }, env))
  expect(threadLeases({ root }, env)).not.toBe(threadLeases({ root, runId: 'run' }, env))
  expect(threadLeases({ root }, env)).not.toBe(threadLeases({ root }, surroundings().env))
})

test('a holder is known to all leases of the thread, so it never waits for itself', async () => {
  const { root, env } = surroundings()
  const ofRun = threadLeases({ root, runId: 'run' }, env)
  const ofUser = threadLeases({ root: join(root, 'packages') }, env)
  onTestFinished(() => void (ofRun.currentHolder = undefined))
  ofRun.currentHolder = () => 'the test'
  const lease = await ofRun.acquire('ledger')
  await expect(ofUser.withLease('ledger', () => undefined)).rejects.toThrow('HEDDLE_LEASE_REENTERED')
  await lease.release()
  expect(await ofUser.withLease('ledger', () => 'later')).toBe('later')
})

test('a sandbox that was given the leases of its thread uses them', async () => {
  const { root, env } = surroundings()
  const sandbox = createContext(Object.assign({}, { [THREAD_LEASES]: leasesOfThread() }))
  const key = `Symbol.for('${THREAD_LEASES.description ?? ''}')`
  const found = runInContext(`globalThis[${key}]`, sandbox) as { open(of: { root: string }, lockDir: string): unknown }
  expect(found.open({ root }, env.HEDDLE_LOCK_DIR)).toBe(threadLeases({ root }, env))
})
