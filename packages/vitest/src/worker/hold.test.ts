import type { HeldClaim } from '@heddle/core/serial'
import { expect, test } from 'vitest'
import { Hold } from './hold.js'

interface Bench {
  readonly hold: Hold
  readonly events: string[]
}

function holdOf(failure?: Error): Bench {
  const events: string[] = []
  const held: HeldClaim = {
    claim: { keys: ['ledger'], mode: 'exclusive', scope: 'workspace', timeoutMs: 1, onTimeout: 'wait' },
    waitedMs: 0,
    release: async () => {
      events.push('released')
      if (failure !== undefined) throw failure
    },
  }
  return { hold: new Hold(held, (error) => events.push(String(error))), events }
}

test('it is given back when the test is over, once', async () => {
  const { hold, events } = holdOf()
  hold.enter()
  hold.leave()
  expect(events).toEqual([])
  await hold.end()
  await hold.end()
  expect(events).toEqual(['released'])
})

test('a body that outlives its test keeps it', async () => {
  const { hold, events } = holdOf()
  hold.enter()
  hold.enter()
  await hold.end()
  hold.leave()
  expect(events).toEqual([])
  hold.leave()
  expect(events).toEqual(['released'])
})

test('what nobody can follow keeps it for ever', async () => {
  const { hold, events } = holdOf()
  hold.enter()
  hold.abandon()
  await hold.end()
  hold.leave()
  expect(events).toEqual([])
  expect(hold.isBusy).toBe(true)
})

test('a loss is told to the test while it is there, and to people afterwards', async () => {
  await expect(holdOf(new Error('lost')).hold.end()).rejects.toThrow('lost')
  const { hold, events } = holdOf(new Error('lost'))
  hold.enter()
  await hold.end()
  hold.leave()
  await Promise.resolve()
  expect(events).toEqual(['released', 'Error: lost'])
})
