import { expect, test } from 'vitest'
import { contextOf, testOf } from '../fixtures/host.js'
import { dispatcherOf, plannedFile, UNTAKEABLE } from '../fixtures/turns.js'
import { FirstAdmitted } from './first-admitted.js'
import type { HostTest } from './host-types.js'
import { OneByOne } from './one-by-one.js'
import { Placeholders } from './placeholders.js'
import type { PlannedFile } from './turns.js'

const FILES = [plannedFile('/short'), plannedFile('/long', { expectedMs: 9 })]

function placeholdersFor(files: readonly PlannedFile[], workers = files.length) {
  const log: string[] = []
  const placeholders = new Placeholders(
    files.map((file) => file.test),
    new FirstAdmitted(files, dispatcherOf(workers)),
    { onTurn: (turn) => log.push(`start ${turn.test.path}`), onBypass: () => log.push('bypass') },
  )
  return { placeholders, log }
}

function placeAt(placeholders: Placeholders, i: number): HostTest {
  return placeholders.tests[i] ?? testOf('none')
}

test('a placeholder becomes the file that may start first', async () => {
  const { placeholders, log } = placeholdersFor(FILES)
  const [first, second] = [placeAt(placeholders, 0), placeAt(placeholders, 1)]
  expect(await placeholders.choose(first)).toMatchObject({ test: { path: '/long' } })
  expect(await placeholders.choose(second)).toMatchObject({ test: { path: '/short' } })
  expect([first.path, second.path]).toEqual(['/long', '/short'])
  expect(placeholders.fileOf(first)).toBe(FILES[1]?.test)
  expect(log).toEqual(['start /long', 'start /short'])
  await placeholders.close()
})

test('every listener is told the same file', async () => {
  const { placeholders, log } = placeholdersFor(FILES)
  const place = placeAt(placeholders, 0)
  const chosen = await Promise.all([placeholders.choose(place), placeholders.choose(place)])
  expect(chosen.map((one) => one.test.path)).toEqual(['/long', '/long'])
  expect(log).toEqual(['start /long'])
  await placeholders.close()
})

test('a file of two projects is two files', async () => {
  const projects = [contextOf({ id: 'a' }), contextOf({ id: 'b' })]
  const files = projects.map((context, i) => ({
    test: testOf('/same', context),
    job: { id: String(i), expectedMs: 1 },
  }))
  const { placeholders } = placeholdersFor(files)
  for (const place of placeholders.tests) await placeholders.choose(place)
  expect(new Set(placeholders.tests.map(({ context }) => context.config.id))).toEqual(new Set(['a', 'b']))
  await placeholders.close()
})

test('the end of a file lets the next one start', async () => {
  const { placeholders, log } = placeholdersFor(FILES, 1)
  const [first, second] = [placeAt(placeholders, 0), placeAt(placeholders, 1)]
  await placeholders.choose(first)
  const next = placeholders.choose(second)
  placeholders.end(first)
  placeholders.end(first)
  expect((await next).test.path).toBe('/short')
  expect(log).toEqual(['start /long', 'start /short'])
  await placeholders.close()
})

test('before a file is chosen, a placeholder belongs to the project of the file in whose place it is', () => {
  const context = contextOf({ id: 'other' })
  const { placeholders } = placeholdersFor([{ test: testOf('/a', context), job: { id: 'a', expectedMs: 1 } }])
  expect(placeAt(placeholders, 0).context).toBe(context)
  expect(placeholders.fileOf(placeAt(placeholders, 0)).path).toBe('/a')
})

test('a Jest that does not wait gets its own order, every file once', async () => {
  const { placeholders, log } = placeholdersFor(FILES)
  const chosen = placeholders.choose(placeAt(placeholders, 0))
  expect(placeholders.tests.map(({ path }) => path)).toEqual(['/short', '/long'])
  expect((await chosen).test.path).toBe('/short')
  expect((await placeholders.choose(placeAt(placeholders, 1))).test.path).toBe('/long')
  expect(log).toEqual(['bypass'])
  await placeholders.close()
})

test('a Jest that stops waiting later runs what is left, every file once', async () => {
  const { placeholders, log } = placeholdersFor(FILES)
  await placeholders.choose(placeAt(placeholders, 0))
  expect(placeholders.tests.map(({ path }) => path)).toEqual(['/long', '/short'])
  expect(log).toEqual(['start /long', 'bypass'])
  await placeholders.close()
})

test('a file whose groups cannot be taken is chosen, with the reason why it must fail', async () => {
  const { placeholders, log } = placeholdersFor([plannedFile('/mail', UNTAKEABLE)])
  const chosen = await placeholders.choose(placeAt(placeholders, 0))
  expect(chosen).toMatchObject({ test: { path: '/mail' }, refusal: { message: 'no lock directory' } })
  expect(log).toEqual([])
  await placeholders.close()
})

test('after an interrupt no file starts', async () => {
  const { placeholders } = placeholdersFor(FILES, 1)
  await placeholders.choose(placeAt(placeholders, 0))
  const waiting = placeholders.choose(placeAt(placeholders, 1))
  placeholders.stop()
  await expect(waiting).rejects.toThrow('The run is over.')
  await placeholders.close()
})

test('what runs when the run ends is given back', async () => {
  const dispatcher = dispatcherOf(1)
  const [first, second] = FILES.map((file) => [file])
  const one = new Placeholders(first?.map((file) => file.test) ?? [], new OneByOne(first ?? [], dispatcher), {
    onTurn: () => undefined,
    onBypass: () => undefined,
  })
  await one.choose(placeAt(one, 0))
  await one.close()
  const turn = await new OneByOne(second ?? [], dispatcher).next()
  expect(turn.test.path).toBe('/long')
})
