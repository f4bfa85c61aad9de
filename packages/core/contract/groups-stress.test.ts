import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryDir } from '../fixtures/directories.js'
import { start } from './child.js'

const LIMITS: Readonly<Record<string, number>> = { a: 2, b: 3, c: Infinity }

/** Takes random permits of random groups again and again, and says so while it has them. */
const TAKE_AND_GIVE = `
  const { acquireGroups, threadLeases, tryAcquireGroups } = require('@heddle/core/leases')
  const { openLog } = require('./contract/lease-participant.cjs')
  const input = JSON.parse(process.argv[1])
  const note = openLog(input.log)
  const leases = threadLeases({ root: process.cwd(), runId: 'stress' })
  const limits = { a: 2, b: 3, c: Infinity }
  const random = (n) => Math.floor(Math.random() * n)
  const claimOf = (name) => {
    const permits = random(5) === 0 ? 'all' : 1 + random(name === 'b' ? 2 : 1)
    return { name, limit: limits[name], scope: name === 'a' ? 'machine' : 'run', permits }
  }
  const main = async () => {
    for (let round = 0; round < input.rounds; round++) {
      const names = Object.keys(limits).filter(() => random(2) === 0)
      const claims = names.map(claimOf)
      const held = random(4) === 0
        ? await tryAcquireGroups(leases, claims)
        : await acquireGroups(leases, claims, { timeoutMs: 60_000 })
      // Sweeps, while others join.
      if (random(4) === 0) await leases.statusOfAll()
      if (held === undefined) continue
      const words = claims.map(({ name, permits }) => name + ':' + permits + ':' + held.slots[name]).join(',') || '-'
      note('begin', input.actor, words)
      await new Promise((resolve) => setTimeout(resolve, random(4)))
      note('end', input.actor)
      await held.release()
    }
  }
  main().then(() => note('done', input.actor))
`

interface Share {
  readonly group: string
  readonly permits: number
  readonly slot: number
}

/** What each holder has between its `begin` and its `end`; who is killed has nothing from the moment that is decided. */
function violationsIn(log: string): string[] {
  const held = new Map<string, readonly Share[]>()
  const doomed = new Set<string>()
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter(Boolean)
    .flatMap((line) => {
      const [, event = '', actor = '', words = '-'] = line.trim().split(' ')
      held.delete(actor)
      if (event === 'kill') doomed.add(actor)
      if (event !== 'begin' || doomed.has(actor)) return []
      held.set(actor, words === '-' ? [] : words.split(',').map(shareOf))
      return flawsOf([...held.values()].flat()).map((flaw) => `${flaw} in ${line}`)
    })
}

function shareOf(words: string): Share {
  const [group = '', permits = '', slot = ''] = words.split(':')
  return { group, permits: permits === 'all' ? Infinity : Number(permits), slot: Number(slot) }
}

function flawsOf(shares: readonly Share[]): string[] {
  return Object.entries(LIMITS).flatMap(([group, limit]) => {
    const members = shares.filter((share) => share.group === group)
    const permits = members.reduce((sum, one) => sum + one.permits, 0)
    const isAlone = members.length === 1
    return [
      new Set(members.map(({ slot }) => slot)).size < members.length ? `a slot of ${group} is shared` : '',
      members.some(({ slot }) => !(slot >= 1 && slot <= limit)) ? `a slot of ${group} is out of range` : '',
      !isAlone && (permits > limit || permits === Infinity) ? `${group} has too many` : '',
    ].filter(Boolean)
  })
}

test('slots are never shared and limits never exceeded, also when holders are killed', async () => {
  const dir = temporaryDir()
  const log = join(dir, 'log')
  writeFileSync(log, '')
  const env = { ...process.env, HEDDLE_LOCK_DIR: join(dir, 'locks') }
  const children = new Map<string, ChildProcess>()
  onTestFinished(() => {
    for (const child of children.values()) child.kill('SIGKILL')
  })
  const launch = (actor: string): void =>
    void children.set(actor, start(TAKE_AND_GIVE, { actor, log, rounds: 60 }, env))
  for (let i = 0; i < 6; i++) launch(`steady${i}`)
  for (let i = 0; i < 8; i++) {
    launch(`doomed${i}`)
    while (!readFileSync(log, 'utf8').includes(` begin doomed${i} `)) await delay(2)
    await delay(Math.random() * 20)
    writeFileSync(log, `${`0 kill doomed${i}`.padEnd(127)}\n`, { flag: 'a' })
    children.get(`doomed${i}`)?.kill('SIGKILL')
  }
  const steady = [...children].filter(([actor]) => actor.startsWith('steady')).map(([, child]) => child)
  await Promise.all(steady.map(async (child) => child.exitCode ?? once(child, 'exit')))
  expect(steady.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0, 0])
  expect(violationsIn(log)).toEqual([])
})

test('who breaks the rules is seen', () => {
  const log = join(temporaryDir(), 'log')
  writeFileSync(log, '1 begin x a:1:1\n2 begin y a:1:1,b:all:1\n3 begin z a:1:3,b:1:2\n')
  expect(violationsIn(log).map((line) => line.split(' in ')[0])).toEqual([
    'a slot of a is shared',
    'a slot of a is shared',
    'a slot of a is out of range',
    'a has too many',
    'b has too many',
  ])
})
