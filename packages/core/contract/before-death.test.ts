import { once } from 'node:events'
import { expect, test } from 'vitest'
import { start } from './child.js'

/** Says what it does; acts for as long as it is told to before a signal ends it. */
const PROCESS = `
  const input = JSON.parse(process.argv[1])
  const { beforeDeath } = require('jiti').createJiti(process.cwd() + '/', { fsCache: false })('./src/fixtures/before-death.ts')
  if (input.generation === 3) require('proper-lockfile')
  if (input.generation === 4) {
    const { createRequire } = require('node:module')
    createRequire(require.resolve('write-file-atomic'))('signal-exit').onExit(() => undefined)
  }
  if (input.generation && process.listenerCount('SIGINT') === 0) throw new Error('It does not listen')
  const acts = []
  const act = (name) => async () => {
    console.log(name + ' begins')
    await new Promise((resolve) => setTimeout(resolve, input.actMs))
    console.log(name + ' ends')
    if (input.fails) throw new Error('no')
  }
  beforeDeath(act('first'), input.limitMs)
  if (input.two) beforeDeath(act('second'), input.limitMs)
  if (input.stopped) beforeDeath(act('stopped'))()
  if (input.listener) process.on('SIGINT', () => { console.log('host'); setTimeout(() => process.exit(7), 20) })
  process.on('exit', () => console.log('exit'))
  setInterval(() => undefined, 1000)
  console.log('ready')
`

interface Input {
  readonly actMs?: number
  readonly limitMs?: number
  readonly fails?: boolean
  readonly two?: boolean
  readonly stopped?: boolean
  readonly listener?: boolean
  /** Of signal-exit. */
  readonly generation?: number
  readonly again?: boolean
}

/** @returns how it ended, after what it said */
async function play({ again = false, ...input }: Input, signal: NodeJS.Signals = 'SIGINT'): Promise<unknown[]> {
  const child = start(PROCESS, { actMs: 20, ...input })
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    output += String(chunk)
    if (String(chunk).includes('ready') || (again && String(chunk).includes('begins'))) child.kill(signal)
  })
  const [code, by] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return [...output.split('\n').slice(1, -1), code ?? by]
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('something is done before %s ends the process', async (signal) => {
  expect(await play({}, signal)).toEqual(['first begins', 'first ends', signal])
})

test('a failure does not keep it alive', async () => {
  expect(await play({ fails: true })).toEqual(['first begins', 'first ends', 'SIGINT'])
})

test('not for longer than the limit', async () => {
  expect(await play({ actMs: 60_000, limitMs: 50 })).toEqual(['first begins', 'SIGINT'])
})

test('a second signal ends it at once', async () => {
  expect(await play({ actMs: 60_000, again: true })).toEqual(['first begins', 'SIGINT'])
})

test('two wait for each other, and who has stopped to listen does nothing', async () => {
  const [, , ...rest] = await play({ two: true, stopped: true })
  expect(rest).toEqual(['first ends', 'second ends', 'SIGINT'])
})

test('where somebody else handles the signal, nothing is done', async () => {
  expect(await play({ listener: true })).toEqual(['host', 'exit', 7])
})

test('who only listens to end the process as well does not count', async () => {
  const signalExitEnds = ['first begins', 'first ends', 'SIGINT']
  expect(await play({ generation: 3 })).toEqual(signalExitEnds)
  // The newer one lets exit handlers run first.
  expect((await play({ generation: 4 })).filter((line) => line !== 'exit')).toEqual(signalExitEnds)
})
