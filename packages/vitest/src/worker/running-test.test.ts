import { expect, test } from 'vitest'
import type { HostOfWorker, Runner, Test } from './host.js'
import { RunningTest } from './running-test.js'

const A = { name: 'a' } as Test
const B = { name: 'b' } as Test

test('until tests are followed, it is the one that Vitest names', () => {
  expect(new RunningTest(hostWith({})).current).toBe(B)
})

test.each<[string, Partial<Runner>]>([
  ['a runner that runs functions itself', { runTask: async () => run() }],
  ['a runner that does not', {}],
])('of several at once, each knows its own, with %s', async (_, runner) => {
  seen = []
  const host = hostWith(runner)
  running = new RunningTest(host)
  running.follow()
  await Promise.all([A, B].map((one) => host.runner.runTask?.(one)))
  expect(seen).toEqual([A, B])
})

test('from its first hook on, a test is known, and its function is of the same attempt; who comes later is not', async () => {
  const host = hostWith({})
  running = new RunningTest(host)
  running.follow()
  const attemptsOf = async (one: Test): Promise<(object | undefined)[]> => {
    await Promise.resolve()
    const begun = running.begin(one)
    running.enter(begun)
    await Promise.resolve()
    return [begun, running.attempt]
  }
  const all = await Promise.all([attemptsOf(A), attemptsOf(B), attemptsOf(A)])
  for (const [begun, later] of all) expect(later).toBe(begun)
  expect(new Set(all.flat()).size).toBe(3)
  expect(running.current).toBe(B)
})

let running: RunningTest
let seen: (Test | undefined)[]

/** Vitest names the last one that has begun. */
function hostWith(runner: Partial<Runner>): HostOfWorker {
  return { runner, functionOf: () => run, currentTest: () => B } as unknown as HostOfWorker
}

async function run(): Promise<void> {
  await Promise.resolve()
  seen.push(running.current)
}
