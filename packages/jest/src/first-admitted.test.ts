import { expect, test } from 'vitest'
import { dispatcherOf, plannedFile, UNTAKEABLE } from '../fixtures/turns.js'
import { FirstAdmitted } from './first-admitted.js'
import type { Turns } from './turns.js'

const FILES = [plannedFile('/short'), plannedFile('/long', { expectedMs: 9 }), plannedFile('/mid', { expectedMs: 5 })]

const nextPath = async (turns: Turns): Promise<string> => (await turns.next()).test.path

test('turns come as the dispatcher admits files, whatever their order was', async () => {
  const turns = new FirstAdmitted(FILES, dispatcherOf(3))
  expect(await Promise.all([nextPath(turns), nextPath(turns), nextPath(turns)])).toEqual(['/long', '/mid', '/short'])
})

test('a file waits until there is room for it', async () => {
  const turns = new FirstAdmitted(FILES, dispatcherOf(1))
  const first = await turns.next()
  const seen: string[] = [first.test.path]
  const second = nextPath(turns).then((path) => seen.push(path))
  await new Promise(setImmediate)
  expect(seen).toEqual(['/long'])
  await first.end()
  await second
  expect(seen).toEqual(['/long', '/mid'])
})

test('a file whose groups cannot be taken has a turn, to fail in', async () => {
  const turns = new FirstAdmitted([plannedFile('/mail', UNTAKEABLE)], dispatcherOf(1))
  const turn = await turns.next()
  expect(turn).toMatchObject({ test: { path: '/mail' }, refusal: { message: 'no lock directory' } })
  await turn.end()
})

test('when nothing is to start any more, all who wait fail', async () => {
  const turns = new FirstAdmitted(FILES, dispatcherOf(1))
  await turns.next()
  const waiting = turns.next()
  const stopping = turns.stop()
  await expect(waiting).rejects.toThrow('The run is over.')
  await stopping
  await expect(turns.next()).rejects.toThrow('The run is over.')
})

test('a turn that nobody came for is given back', async () => {
  const dispatcher = dispatcherOf(1)
  const turns = new FirstAdmitted(FILES, dispatcher)
  await new Promise(setImmediate)
  await turns.stop()
  const again = new FirstAdmitted([plannedFile('/other')], dispatcher)
  expect(await nextPath(again)).toBe('/other')
})
