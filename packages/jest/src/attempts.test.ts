import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Block } from '../fixtures/circus.js'
import { Attempts, type Attempt } from './attempts.js'

type Callable = (this: unknown, ...args: unknown[]) => unknown

const root = new Block()
const [a, b] = [root.test('a'), root.test('b')]

function follow(attempts: Attempts, fn: Callable, begin: () => Attempt): Callable {
  return attempts.follow(fn, begin) as Callable
}

test('nobody asks at file level, and in hooks the test that runs', () => {
  const attempts = new Attempts()
  expect(attempts.asking).toBeUndefined()
  attempts.running = attempts.begin(a)
  expect(attempts.asking).toBe(attempts.openOf(a))
})

test('an attempt is known by its calls, also while another test runs, and when its test is tried again', async () => {
  const attempts = new Attempts()
  const seen: unknown[] = []
  const first = attempts.begin(a)
  const ended = follow(
    attempts,
    async () => {
      await setTimeout(5)
      seen.push(attempts.asking)
    },
    () => first,
  )()
  attempts.end(a)
  expect(attempts.openOf(a)).toBeUndefined()
  const second = attempts.begin(a)
  attempts.running = attempts.begin(b)
  seen.push(attempts.asking)
  await ended
  expect(seen).toEqual([attempts.running, first])
  expect(seen[1]).toBe(first)
  expect(attempts.testOf(first)).toBe(attempts.testOf(second))
})

test('what is called in the name of an attempt is known to be of it, of a hook, too', async () => {
  const attempts = new Attempts()
  const first = attempts.begin(a)
  attempts.running = first
  const asked = attempts.call(async () => {
    await setTimeout(5)
    return attempts.asking
  })
  attempts.running = attempts.begin(b)
  expect(await asked).toBe(first)
  attempts.running = undefined
  expect(attempts.call(() => attempts.asking)).toBeUndefined()
})

test('to Jest, a followed function is the same', () => {
  const attempts = new Attempts()
  const context = {}
  const returnThis = function (this: unknown, _done: unknown): unknown {
    return this
  }
  const fn = follow(attempts, returnThis, () => attempts.begin(a))
  expect(fn).toHaveLength(1)
  expect(fn.call(context)).toBe(context)
  const generator = function* (): Generator {
    yield 1
  }
  expect(follow(attempts, generator, () => attempts.begin(a))).toBe(generator)
})

test('attempts of one file are nothing to another', () => {
  const [attempts, other] = [new Attempts(), new Attempts()]
  follow(
    attempts,
    () => expect(other.asking).toBeUndefined(),
    () => attempts.begin(a),
  )()
})
