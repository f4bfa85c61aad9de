import { expect, test } from 'vitest'
import { dispatcherOf, plannedFile, UNTAKEABLE } from '../fixtures/turns.js'
import { OneByOne } from './one-by-one.js'

test('files come in their order, each when the one before it is over', async () => {
  const turns = new OneByOne([plannedFile('/short'), plannedFile('/long', { expectedMs: 9 })], dispatcherOf(4))
  const first = await turns.next()
  const seen = [first.test.path]
  const second = turns.next().then(({ test: { path } }) => seen.push(path))
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  expect(seen).toEqual(['/short'])
  await first.end()
  await second
  expect(seen).toEqual(['/short', '/long'])
})

test('a file that must fail lets the next one have its turn', async () => {
  const turns = new OneByOne([plannedFile('/mail', UNTAKEABLE), plannedFile('/other')], dispatcherOf(1))
  const turn = await turns.next()
  expect(turn.refusal).toMatchObject({ message: 'no lock directory' })
  await turn.end()
  expect((await turns.next()).test.path).toBe('/other')
})

test('when nothing is to start any more, all who wait fail', async () => {
  const turns = new OneByOne(
    ['/a', '/b', '/c'].map((path) => plannedFile(path)),
    dispatcherOf(1),
  )
  const first = await turns.next()
  const waiting = Promise.allSettled([turns.next(), turns.next()])
  await turns.stop()
  await first.end()
  expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})
