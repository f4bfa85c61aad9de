import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { threadLeases } from '@heddle/core/leases'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryDir } from '../fixtures/directories.js'

type OpenLog = (file: string) => (event: string, actor: string) => void
const { openLog } = createRequire(__filename)('./lease-participant.cjs') as { readonly openLog: OpenLog }

const RUNS = ['run-a', 'run-b']
const WORKERS_PER_RUN = 8
const PORTS_PER_WORKER = 200
const KILLS = 10

/** 1000 ports that other processes which run tests hardly use at the same time. */
// Below are those of unit tests, which run at the same time.
const FIRST = 20_000 + (process.pid % 9) * 1000

/** What is wrong in a log; who is killed has nothing from the moment that is decided. */
function violationsIn(log: string): string[] {
  const holders = new Map<string, string>()
  const doomed = new Set<string>()
  return eventsIn(log).flatMap(({ event, actor, name }) => {
    if (doomed.has(actor)) return []
    if (event === 'kill') {
      doomed.add(actor)
      for (const [held, holder] of holders) if (holder === actor) holders.delete(held)
    }
    if (event === 'end') holders.delete(name)
    if (event === 'printed') return [`${actor} printed ${name}`]
    if (event !== 'begin') return []
    const other = holders.get(name)
    holders.set(name, actor)
    return other === undefined ? [] : [`${name} was given to ${actor} while ${other} had it`]
  })
}

interface Event {
  readonly event: string
  readonly actor: string
  readonly name: string
}

function eventsIn(log: string): Event[] {
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [, event = '', actor = '', name = ''] = line.trim().split(' ')
      return { event, actor, name }
    })
}

interface Place {
  readonly runId: string
  readonly slot: number
  /** How many ports it takes before it ends. */
  readonly count?: number
}

function setUp() {
  const dir = temporaryDir()
  const log = join(dir, 'log')
  writeFileSync(log, '')
  const locks = join(dir, 'locks')
  const children: ChildProcess[] = []
  onTestFinished(() => {
    for (const child of children) child.kill('SIGKILL')
  })
  const start = (actor: string, { runId, slot, count = PORTS_PER_WORKER }: Place): ChildProcess => {
    const input = { actor, runId, slot, seed: children.length + 1, log, range: [FIRST, FIRST + 999], count }
    const child = spawn(process.execPath, [join(__dirname, 'ports-actor.cjs'), JSON.stringify(input)], {
      env: { ...process.env, HEDDLE_LOCK_DIR: locks },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    children.push(child)
    return child
  }
  return { log, locks, start }
}

test('of two runs with eight workers each, of which some are killed, no two ever have the same port', async () => {
  const { log, locks, start } = setUp()
  const note = openLog(log)
  const steady = RUNS.flatMap((runId) =>
    Array.from({ length: WORKERS_PER_RUN }, (_, i) => start(`${runId}-${i + 1}`, { runId, slot: i + 1 })),
  )
  const kill = async (actor: string, slot: number): Promise<void> => {
    const doomed = start(actor, { runId: 'run-a', slot, count: 1e9 })
    while (!eventsIn(log).some((one) => one.event === 'begin' && one.actor === actor)) await delay(20)
    await delay(Math.random() * 500)
    note('kill', actor)
    doomed.kill('SIGKILL')
  }
  await Promise.all(Array.from({ length: KILLS }, (_, i) => kill(`doomed${i}`, WORKERS_PER_RUN + 1 + i)))
  await Promise.all(steady.map(async (child) => child.exitCode ?? once(child, 'exit')))
  expect(steady.map(({ exitCode }) => exitCode)).toEqual(steady.map(() => 0))
  expect(violationsIn(log)).toEqual([])
  const given = eventsIn(log).filter(({ event }) => event === 'begin')
  expect(given.length).toBeGreaterThanOrEqual(steady.length * PORTS_PER_WORKER)
  await expectNothingLeft(locks)
}, 240_000)

/** Nothing is held, and of no port anything is left. */
async function expectNothingLeft(locks: string): Promise<void> {
  const leases = threadLeases({ root: __dirname }, { HEDDLE_LOCK_DIR: locks })
  expect(await leases.statusOfAll()).toEqual([])
  expect(readdirSync(join(locks, 'v1', 'marks'))).toEqual([])
}

test('who gives a port twice is seen', () => {
  const log = join(temporaryDir(), 'log')
  const lines = [
    'begin a tcp:1',
    'begin b udp:1',
    'begin b tcp:1',
    'end b tcp:1',
    'begin a tcp:1',
    'kill a',
    'begin c tcp:1',
  ]
  writeFileSync(log, lines.map((line) => `0 ${line}\n`).join(''))
  expect(violationsIn(log)).toEqual(['tcp:1 was given to b while a had it'])
})
