import { spawn, spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { temporaryDir } from '../fixtures/directories.js'
import type { start } from './child.js'
import { Scene } from './lease-scene.js'

const WAIT = "await me.section('ledger')"
const turnsOf = (story: readonly string[]): string[] => story.filter((line) => / (?:begin|end)$/.test(line))

/** Two that ask at once; each is in for long enough to meet the other. */
const BOTH = `
  const hold = () => me.sleep(300)
  await Promise.all([participate(input.log, 'one').section('ledger', hold), other.section('ledger', hold)])`
const IN_TURN = ['one begin', 'one end', 'other begin', 'other end']

test('two copies of the package in one thread exclude each other', async () => {
  const dist = join(temporaryDir(), 'dist')
  cpSync(join(__dirname, '../dist'), dist, { recursive: true })
  const scene = new Scene()
  scene.start(
    'copies',
    `const other = participate(input.log, 'other', require(${JSON.stringify(join(dist, 'leases'))}));${BOTH}`,
  )
  expect(turnsOf(await scene.end())).toEqual(IN_TURN)
})

test('two copies that cannot know of each other exclude each other', async () => {
  const scene = new Scene()
  const reload = `participate(input.log, 'one')
    for (const file of Object.keys(require.cache)) delete require.cache[file]
    const shared = Object.getOwnPropertySymbols(process).filter((symbol) => String(symbol).includes('heddle'))
    const known = shared.map((symbol) => process[symbol])
    for (const symbol of shared) delete process[symbol]
    const other = participate(input.log, 'other', require('@heddle/core/leases'))
    shared.forEach((symbol, i) => (process[symbol] = known[i]));`
  scene.start('copies', `${reload}${BOTH}`)
  expect(turnsOf(await scene.end())).toEqual(IN_TURN)
})

test('processes and threads exclude each other', { timeout: 60_000 }, async () => {
  const scene = new Scene()
  const take = "for (let i = 0; i < 20; i++) await me.section('ledger', () => me.turn())"
  for (const actor of ['a', 'b', 'c']) {
    const threads = [1, 2].map((i) => `thread('${actor}.${i}', ${JSON.stringify(take)})`)
    scene.start(actor, `${threads.join(';')};${take}`)
  }
  expect(turnsOf(await scene.end())).toHaveLength(3 * 3 * 20 * 2)
})

/** As `start`, by another command. */
function startBy(command: string, ...args: readonly string[]): typeof start {
  return (code, input, env) =>
    spawn(command, [...args, '-e', code, JSON.stringify(input)], {
      cwd: join(__dirname, '..'),
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
}

const OWN_NAMESPACE = ['--pid', '--fork', '--mount-proc']

/** Undefined if a process can be put into a pid namespace of its own. */
const unshareFlaw = ((): string | undefined => {
  if (process.platform !== 'linux') return 'only Linux has pid namespaces'
  const { status, stderr } = spawnSync('unshare', [...OWN_NAMESPACE, 'true'], { encoding: 'utf8' })
  return status === 0 ? undefined : `a pid namespace cannot be made: ${stderr || 'unshare is missing'}`
})()

test('a holder in another pid namespace is never robbed, even when it is dead, until its lease is broken', async ({
  skip,
}) => {
  skip(unshareFlaw !== undefined, unshareFlaw)
  const scene = new Scene()
  await scene.play('holder', "await me.section('ledger', () => me.sleep(1e8))", 'begin', {
    launch: startBy('unshare', ...OWN_NAMESPACE, '--kill-child', process.execPath),
  })
  await scene.play('waiter', WAIT, 'placed')
  await scene.kill('holder')
  await delay(1500)
  expect(turnsOf(scene.story())).toEqual(['holder begin'])
  const breakIt = `const { id, holders } = await me.leases.status('ledger')
    me.note('state', holders[0].state)
    await me.leases.break(id)`
  await scene.play('breaker', breakIt, 'state')
  expect(scene.events.find(({ event }) => event === 'state')?.request).toBe('unknown')
  expect(turnsOf(await scene.end())).toEqual(['holder begin', 'waiter begin', 'waiter end'])
})

const OTHER_NODE = process.env['HEDDLE_OTHER_NODE']

test('two versions of Node exclude each other', { timeout: 60_000 }, async ({ skip }) => {
  skip(OTHER_NODE === undefined, 'HEDDLE_OTHER_NODE names no other Node')
  const scene = new Scene()
  const take = "for (let i = 0; i < 100; i++) await me.section('ledger', () => me.turn())"
  for (const i of [1, 2]) scene.start(`this-${i}`, take)
  for (const i of [1, 2]) scene.start(`other-${i}`, take, { launch: startBy(OTHER_NODE ?? '') })
  expect(turnsOf(await scene.end())).toHaveLength(4 * 100 * 2)
})
