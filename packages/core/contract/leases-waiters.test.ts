import { describe, expect, test } from 'vitest'
import { Scene } from './lease-scene.js'

const WAIT = "await me.section('ledger')"
const TURNS = ['holder begin', 'holder end', 'waiter begin', 'waiter end']

/** Holds until the waiter has its place. */
const HOLD = "await me.section('ledger', () => heard('placed waiter'))"

const turnsOf = (story: readonly string[]): string[] => story.filter((line) => / (?:begin|end)$/.test(line))

describe('a waiter', { timeout: 60_000 }, () => {
  test('that is killed in the middle of the queue holds nobody up', async () => {
    const scene = new Scene()
    await scene.play('holder', "await me.section('ledger', () => heard('kill victim'))", 'begin')
    await scene.play('victim', WAIT, 'placed')
    await scene.play('waiter', WAIT, 'placed')
    await scene.kill('victim')
    expect(turnsOf(await scene.end())).toEqual(TURNS)
  })

  test('whose thread is terminated in the middle of the queue holds nobody up', async () => {
    const scene = new Scene()
    await scene.play('holder', "await me.section('ledger', () => heard('terminated host'))", 'begin')
    const host = `const victim = thread('victim', ${JSON.stringify(WAIT)})
      await heard('placed waiter')
      participate(input.log, 'victim').note('kill')
      await victim.terminate()
      me.note('terminated')
      await heard('end waiter')`
    scene.start('host', host)
    await scene.said('victim placed')
    scene.start('waiter', WAIT)
    expect(turnsOf(await scene.end())).toEqual(TURNS)
  })

  test('that gives up holds nobody up', async () => {
    const scene = new Scene()
    await scene.play('holder', HOLD, 'begin')
    const giveUp = "await me.leases.acquire('ledger', { timeoutMs: 0 }).catch(({ code }) => me.note(code))"
    await scene.play('impatient', `${giveUp}; await heard('end waiter')`, 'HEDDLE_LEASE_TIMEOUT')
    scene.start('waiter', WAIT)
    expect(turnsOf(await scene.end())).toEqual(TURNS)
  })

  test('gets its turn where files cannot be watched', async () => {
    const scene = new Scene()
    const before =
      "require('node:fs').watch = () => { throw Object.assign(new Error('no watches'), { code: 'EMFILE' }) }"
    await scene.play('holder', HOLD, 'begin')
    scene.start('waiter', WAIT, { before })
    expect(turnsOf(await scene.end())).toEqual(TURNS)
  })

  test('keeps its process alive until it has had its turn, and no longer', async () => {
    const scene = new Scene()
    await scene.play(
      'holder',
      "await me.section('ledger', async () => { await heard('placed waiter'); await me.sleep(1000) })",
      'begin',
    )
    scene.start('waiter', `process.on('exit', () => me.note('note')); ${WAIT}`)
    expect((await scene.end()).slice(-3)).toEqual(['waiter begin', 'waiter end', 'waiter note'])
  })

  test('that need not wait leaves nothing open that keeps its process alive', async () => {
    const scene = new Scene()
    scene.start('waiter', WAIT)
    expect(turnsOf(await scene.end())).toEqual(['waiter begin', 'waiter end'])
  })
})
