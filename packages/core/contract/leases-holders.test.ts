import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Scene } from './lease-scene.js'

const TURNS = ['holder begin', 'waiter placed', 'holder end', 'waiter begin', 'waiter end']
const WAIT = "await me.section('ledger')"
const HOLD_FOR_EVER = "await me.section('ledger', () => me.sleep(1e8))"
const IN_TIME_MS = 2000

/** What of the holder and the waiter follows the holder's begin. */
const turnsOf = (story: readonly string[]): string[] =>
  story.filter((line) => /^(?:holder|waiter) /.test(line) && line !== 'holder placed')

const turnsWith = (death: string): string[] => TURNS.map((line) => (line === 'holder end' ? death : line))

describe('a holder keeps its lease', { timeout: 60_000 }, () => {
  test('while its event loop is blocked for 4 seconds', async () => {
    const scene = new Scene()
    await scene.play('holder', "await me.section('ledger', () => me.busy(4000))", 'begin')
    scene.start('waiter', WAIT)
    expect(turnsOf(await scene.end())).toEqual(TURNS)
  })

  test('while its process is stopped for 3 seconds', async () => {
    const scene = new Scene()
    await scene.play('holder', "await me.section('ledger', () => me.sleep(300))", 'begin')
    scene.signal('holder', 'SIGSTOP')
    await scene.play('waiter', WAIT, 'placed')
    await delay(3000)
    expect(turnsOf(scene.story())).toEqual(['holder begin', 'waiter placed'])
    scene.signal('holder', 'SIGCONT')
    expect(turnsOf(await scene.end())).toEqual(TURNS)
  })

  test('while its clock and timers are faked and the waiter has the year 2050', async () => {
    const scene = new Scene()
    const hold = `await me.section('ledger', async () => { await heard('placed waiter'); await me.sleep(1000) })`
    await scene.play('holder', `me.breakClock(); ${hold}`, 'begin')
    scene.start('waiter', `me.breakClock(); ${WAIT}`)
    expect(turnsOf(await scene.end())).toEqual(TURNS)
  })
})

describe('the next goes on', { timeout: 60_000 }, () => {
  test('when a holder is killed', async () => {
    const scene = new Scene()
    await scene.play('holder', HOLD_FOR_EVER, 'begin')
    await scene.play('waiter', WAIT, 'placed')
    await scene.kill('holder')
    expect(turnsOf(await scene.end())).toEqual(turnsWith('holder kill'))
    expect(scene.recoveryMs('holder', 'waiter')).toBeLessThan(IN_TIME_MS)
  })

  test('when a holder ends its process', async () => {
    const scene = new Scene()
    const exit = "await heard('placed waiter'); me.note('exit'); process.exit()"
    await scene.play('holder', `await me.section('ledger', async () => { ${exit} })`, 'begin')
    scene.start('waiter', WAIT)
    expect(turnsOf(await scene.end())).toEqual(turnsWith('holder exit'))
    expect(scene.recoveryMs('holder', 'waiter')).toBeLessThan(IN_TIME_MS)
  })

  test('when a thread is terminated while it holds, although its process lives on', async () => {
    const scene = new Scene()
    const host = `const holder = thread('holder', ${JSON.stringify(HOLD_FOR_EVER)})
      await heard('placed waiter')
      participate(input.log, 'holder').note('kill')
      await holder.terminate()
      await heard('end waiter')`
    scene.start('host', host)
    await scene.said('holder begin')
    scene.start('waiter', WAIT)
    expect(turnsOf(await scene.end())).toEqual(turnsWith('holder kill'))
    expect(scene.recoveryMs('holder', 'waiter')).toBeLessThan(IN_TIME_MS)
  })

  test('when Ctrl-C ends a process that holds one name and waits for another', async () => {
    const scene = new Scene()
    await scene.play('smtp', "await me.section('smtp', () => heard('end waiter'))", 'begin')
    await scene.play('holder', "await me.section('ledger', () => me.section('smtp'))", 'begin')
    await scene.play('waiter', WAIT, 'placed')
    await scene.play('behind', "await me.section('smtp')", 'placed')
    await scene.kill('holder', 'SIGINT')
    const story = await scene.end()
    expect(turnsOf(story)).toEqual(turnsWith('holder kill'))
    expect(story.slice(-3)).toEqual(['smtp end', 'behind begin', 'behind end'])
    expect(scene.recoveryMs('holder', 'waiter')).toBeLessThan(IN_TIME_MS)
  })
})
