import { expect, test } from 'vitest'
import { following } from './following.js'

function bench(body: (events: string[]) => unknown): { readonly events: string[]; readonly result: unknown } {
  const events: string[] = []
  const result = following(
    () => body(events),
    () => events.push('ended'),
  )
  return { events, result }
}

test('what returns or throws at once has ended at once', () => {
  expect(bench(() => 1)).toEqual({ events: ['ended'], result: 1 })
  const events: string[] = []
  const fail = (): never => {
    throw new Error('no')
  }
  expect(() => following(fail, () => events.push('ended'))).toThrow('no')
  expect(events).toEqual(['ended'])
})

test('a promise is given as it is, and ends when it is settled', async () => {
  const promise = Promise.resolve('late')
  const { events, result } = bench(() => promise)
  expect(result).toBe(promise)
  expect(events).toEqual([])
  await promise
  expect(events).toEqual(['ended'])
})

test('a rejection is an end', async () => {
  const { events, result } = bench(async () => {
    throw new Error('no')
  })
  await expect(result).rejects.toThrow('no')
  expect(events).toEqual(['ended'])
})
