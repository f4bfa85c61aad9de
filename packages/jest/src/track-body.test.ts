import { expect, test } from 'vitest'
import type { CircusFn } from './circus-types.js'
import { trackBody } from './track-body.js'

/** Tracks one function, and what is known of it. */
class Watch {
  began = 0
  ended = 0

  track(fn: unknown): (this: unknown, ...args: unknown[]) => unknown {
    return trackBody(fn as CircusFn, () => {
      this.began++
      return () => this.ended++
    }) as (this: unknown, ...args: unknown[]) => unknown
  }
}

test('a plain function ends when it returns or throws', () => {
  const watch = new Watch()
  const context = {}
  const returnThis = function (this: unknown): unknown {
    return this
  }
  expect(watch.track(returnThis).call(context)).toBe(context)
  expect(watch.ended).toBe(1)
  const fail = watch.track(() => {
    throw new Error('no')
  })
  expect(() => fail()).toThrow('no')
  expect(watch.ended).toBe(2)
})

test('an async function ends when its promise is settled, and Jest gets that very promise', async () => {
  const watch = new Watch()
  const { promise, settle } = deferred()
  expect(watch.track(() => promise)()).toBe(promise)
  expect(watch).toMatchObject({ began: 1, ended: 0 })
  settle()
  await promise
  expect(watch.ended).toBe(1)
  const failing = watch.track(async () => {
    throw new Error('no')
  })
  await expect(failing()).rejects.toThrow('no')
  expect(watch.ended).toBe(2)
})

test('a function with a callback keeps its length and ends when the callback is called', () => {
  const watch = new Watch()
  let finish: (reason?: unknown) => void = () => undefined
  const tracked = watch.track((done: (reason?: unknown) => void) => {
    finish = done
  })
  const reasons: unknown[] = []
  expect(tracked).toHaveLength(1)
  tracked((reason: unknown) => void reasons.push(reason))
  expect(watch.ended).toBe(0)
  finish('why')
  expect(watch.ended).toBe(1)
  expect(reasons).toEqual(['why'])
})

test('a generator stays one and ends with its last step', () => {
  const watch = new Watch()
  const tracked = watch.track(function* () {
    const got: unknown = yield 1
    return got
  })
  expect(Object.prototype.toString.call(tracked)).toBe('[object GeneratorFunction]')
  const steps = tracked() as Generator
  expect(steps.next().value).toBe(1)
  expect(watch).toMatchObject({ began: 1, ended: 0 })
  expect(steps.next('back').value).toBe('back')
  expect(watch.ended).toBe(1)
})

function deferred() {
  let settle = (): void => undefined
  const promise = new Promise<void>((resolve) => (settle = resolve))
  return { promise, settle }
}
