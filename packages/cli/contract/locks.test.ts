import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ResourceStatus } from '@heddle/core/leases'
import { expect, it, onTestFinished, vi } from 'vitest'
import { BIN, endOf, ENV, runBin, type Ended } from './run-bin.js'

vi.setConfig({ testTimeout: 60_000 })

/** Where `@heddle/core` is found. */
const PACKAGE = fileURLToPath(new URL('..', import.meta.url))

/** Holds until it is told to give back, and says what came of it. */
const HOLDER = `
const { threadLeases } = require('@heddle/core/leases')
const [request, label] = JSON.parse(process.argv[1])
threadLeases({ root: process.cwd(), runId: 'r1' }).acquire(request, { label }).then((lease) => {
  console.log('holds')
  process.once('message', () => {
    lease.release().then(() => console.log('released'), ({ code }) => console.log(code)).then(() => process.disconnect())
  })
}, ({ code }) => console.log(code))
`

interface Machine {
  readonly heddle: (...args: string[]) => Promise<Ended>
  readonly json: () => Promise<ResourceStatus[]>
  readonly watch: () => OtherProcess
  readonly participant: (request: unknown, label?: { file?: string; test?: string }) => OtherProcess
}

interface OtherProcess {
  readonly child: ChildProcess
  readonly said: () => string
}

/** Processes that share a lock directory of their own. */
function createMachine(): Machine {
  const dir = mkdtempSync(join(tmpdir(), 'heddle-cli-locks-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const env = { HEDDLE_LOCK_DIR: dir }
  const whole = { ...ENV, ...env }
  const heddle = (...args: string[]): Promise<Ended> => runBin(PACKAGE, ['locks', ...args], env)
  return {
    heddle,
    json: async () => JSON.parse((await heddle('--json')).out) as ResourceStatus[],
    watch: () => listen(spawn(process.execPath, [BIN, 'locks', '--watch', '--json'], { cwd: PACKAGE, env: whole })),
    participant: (request, label = {}) => {
      const args = ['-e', HOLDER, JSON.stringify([request, label])]
      const stdio = ['ignore', 'pipe', 'inherit', 'ipc'] as const
      return listen(spawn(process.execPath, args, { cwd: PACKAGE, env: whole, stdio: [...stdio] }))
    },
  }
}

/** Ends it with the test, if it is still there. */
function listen(child: ChildProcess): OtherProcess {
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  return { child, said: () => text }
}

const PATIENCE = { timeout: 20_000 }

async function untilHeld({ said }: OtherProcess): Promise<void> {
  await expect.poll(said, PATIENCE).toBe('holds\n')
}

it('shows who holds and who waits in other processes, in the order in which they came', async () => {
  const { heddle, json, participant } = createMachine()
  const holder = participant('ledger', { file: 'test/a.test.ts', test: 'closes the year' })
  await untilHeld(holder)
  const first = participant('ledger', { file: 'test/b.test.ts' })
  await expect.poll(async () => (await json())[0]?.waiters.length, PATIENCE).toBe(1)
  const second = participant({ name: 'ledger', mode: 'shared' })
  await expect.poll(async () => (await json())[0]?.waiters.length, PATIENCE).toBe(2)
  const [lock] = await json()
  const pids = [...(lock?.holders ?? []), ...(lock?.waiters ?? [])].map(({ pid }) => pid)
  expect(pids).toEqual([holder, first, second].map(({ child }) => child.pid))
  const { code, out, err } = await heddle('ledger')
  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(
    /^"ledger", scope workspace\nROLE.*\nholds .*running +exclusive +r1 +test\/a\.test\.ts +closes the year\nwaits 1 .*test\/b\.test\.ts\nwaits 2 .*shared.*\n$/,
  )
})

it.skipIf(process.platform !== 'linux')(
  'tells a stopped holder from a running one, and forgets a killed one',
  async () => {
    const { heddle, json, participant } = createMachine()
    const holder = participant('ledger')
    await untilHeld(holder)
    holder.child.kill('SIGSTOP')
    await expect.poll(async () => (await json())[0]?.holders[0]?.state, PATIENCE).toBe('stopped')
    expect((await heddle()).out).toMatch(/holds .* stopped/)
    holder.child.kill('SIGKILL')
    await expect.poll(json, PATIENCE).toEqual([])
  },
)

it('takes a lock away: the next goes on, and the holder is told when it gives it back', async () => {
  const { heddle, participant } = createMachine()
  const holder = participant('ledger')
  await untilHeld(holder)
  const waiter = participant('ledger')
  await expect.poll(async () => (await heddle()).out, PATIENCE).toContain('waits 1')
  expect(await heddle('--break', 'ledger')).toMatchObject({
    code: 2,
    err: expect.stringContaining('add --yes') as string,
  })
  expect(waiter.said()).toBe('')
  expect(await heddle('--break', 'ledger', '--yes')).toEqual({
    code: 0,
    out: `Broke "ledger", held by pid ${holder.child.pid} (${PACKAGE.replace(/\/$/, '')}).\n`,
    err: '',
  })
  await untilHeld(waiter)
  holder.child.send('release')
  await expect.poll(holder.said, PATIENCE).toBe('holds\nHEDDLE_LEASE_LOST\n')
  waiter.child.send('release')
  await expect.poll(waiter.said, PATIENCE).toBe('holds\nreleased\n')
  expect((await heddle()).out).toMatch(/^No lock is held/)
})

it.skipIf(process.platform === 'win32')('watches until Ctrl-C, and exits with 130', async () => {
  const { watch, participant } = createMachine()
  const { child, said } = watch()
  const ended = endOf(child)
  await expect.poll(said, PATIENCE).toBe('[]\n')
  const holder = participant('ledger')
  await expect.poll(said, PATIENCE).toContain(`"pid":${holder.child.pid}`)
  holder.child.kill('SIGKILL')
  await expect.poll(said, PATIENCE).toMatch(/\n\[\]\n$/)
  child.kill('SIGINT')
  expect(await ended).toMatchObject({ code: 130, err: '' })
})

it('stops watching when its reader has seen enough', async () => {
  const { watch, participant } = createMachine()
  const { child, said } = watch()
  const ended = endOf(child)
  await expect.poll(said, PATIENCE).toBe('[]\n')
  child.stdout?.destroy()
  participant('ledger')
  expect(await ended).toMatchObject({ code: 0, err: '' })
})
