import { expect, test } from 'vitest'
import { Scene } from './lease-scene.js'

const SEED = Number(process.env['HEDDLE_CHAOS_SEED'] ?? Date.now() % 1_000_000)
const MUTATIONS = 10_000

/** The directory of a name's tickets, and the owner of a thread that is gone: its own with another start time. */
const AT_THE_FILES = `
  const fs = require('node:fs')
  const queues = process.env.HEDDLE_LOCK_DIR + '/v1/queues'
  const own = await me.leases.acquire('smtp')
  const dir = queues + '/' + fs.readdirSync(queues).find((name) => name.startsWith('smtp-'))
  const deadOwner = fs.readdirSync(dir)[0].split('_')[3].replace(/\\d+$/, '1')
  await own.release()
  fs.mkdirSync(dir, { recursive: true });`

const STRIKE = `
  const { vandal } = require('./contract/lease-vandal.cjs')
  const { strike, leave } = vandal(process.env.HEDDLE_LOCK_DIR, deadOwner, ${SEED})
  for (let i = 0; i < ${MUTATIONS}; i++) {
    strike()
    if (i % 4 === 0) await me.sleep(1)
    if (i % 200 === 0) leave()
  }
  leave()
  me.note('done')`

/** Comes and goes at names that others hold or that are free, and looks at everything, as \`heddle locks\` does. */
const COME_AND_GO = `
  let isOver = false
  void heard('done vandal').then(() => (isOver = true))
  const impatient = { timeoutMs: 20 }
  while (!isOver) {
    await me.leases.acquire('ledger', impatient).then(
      (lease) => {
        me.note('visited')
        return lease.release()
      },
      (error) => { if (error.code !== 'HEDDLE_LEASE_TIMEOUT') throw error },
    )
    await me.section('smtp', () => me.turn())
    await me.section({ name: 'pool', limit: 3, permits: 2 }, () => me.turn())
    await me.trySection('smtp')
    await me.leases.statusOfAll()
  }
  await me.section(['ledger', 'smtp', { name: 'pool', limit: 3 }])`

test(
  'nothing that is thrown into the lock directory lets a second holder in, stops anybody for ever or makes anybody fail',
  { timeout: 150_000 },
  async () => {
    const scene = new Scene()
    await scene.play('holder', "await me.section('ledger', () => heard('done vandal'))", 'begin')
    for (const actor of ['a', 'b']) scene.start(actor, COME_AND_GO)
    scene.start('vandal', `${AT_THE_FILES}${STRIKE}`)
    const story = await scene.end()
    expect(story.filter((line) => line.endsWith('end')).length, `HEDDLE_CHAOS_SEED=${SEED}`).toBeGreaterThan(100)
    // As soon as the holder has left, the impatient may come in as well.
    const turns = scene.story(/^(?:end|visited)$/)
    expect(turns.slice(0, turns.indexOf('holder end')).filter((line) => line.endsWith('visited'))).toEqual([])
  },
)

test('a ticket of a dead owner with the highest number stops nobody', async () => {
  const scene = new Scene()
  const forge = "fs.writeFileSync(dir + '/999999999999999_all_inf_' + deadOwner + '_forged', '')"
  scene.start('visitor', `${AT_THE_FILES}${forge}; await me.section('smtp')`)
  expect(await scene.end()).toContain('visitor end')
})

test('a ticket that cannot be read without end is shown without what it says', async () => {
  const scene = new Scene()
  const look = `
    const ticket = dir + '/1_1_inf_stranger_forged'
    require('node:child_process').spawnSync('mkfifo', [ticket])
    for (const again of [1, 2]) {
      const { holders } = await me.leases.status('smtp')
      me.note(holders[0].state + '-' + holders[0].file)
      fs.rmSync(ticket)
      fs.symlinkSync('/dev/zero', ticket)
    }`
  scene.start('visitor', `${AT_THE_FILES}${look}`)
  await scene.end()
  expect(scene.story(/unknown/)).toEqual(['visitor unknown-undefined', 'visitor unknown-undefined'])
})

test('a file between the directories of the resources hides none of them', async () => {
  const scene = new Scene()
  const look = `
    fs.writeFileSync(queues + '/.DS_Store', '')
    await me.section('smtp', async () => {
      for (const { name } of await me.leases.statusOfAll()) me.note('sees', name)
    })`
  scene.start('visitor', `${AT_THE_FILES}${look}`)
  await scene.end()
  expect(scene.events.filter(({ event }) => event === 'sees').map(({ request }) => request)).toEqual(['smtp'])
})
