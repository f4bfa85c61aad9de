import { PassThrough } from 'node:stream'
import { acquireGroups, threadLeases, tryAcquireGroups, type GroupClaim } from '@heddle/core/leases'
import { expect, it } from 'vitest'
import { main } from '../main.js'
import { captureTerminal, heddle, type Ended } from '../testing/capture-terminal.js'
import { hold, holdFromAfar, LOCK_ENV, waitFor } from '../testing/temp-locks.js'
import { createTempWorkspace } from '../testing/temp-workspace.js'

interface Typed {
  readonly args?: readonly string[]
  readonly input?: string
}

/** On a terminal, where `input` is typed. */
function breakAt(dir: string, name: string, { args = [], input = '' }: Typed = {}): Promise<Ended> {
  const env = { ...LOCK_ENV, NO_COLOR: '1' }
  return heddle(dir, ['locks', '--break', name, ...args], { env, isTTY: true, input })
}

async function holdersOf(dir: string, name: string): Promise<number> {
  return (await threadLeases({ root: dir }, LOCK_ENV).status(name)).holders.length
}

it('asks first, and says what will happen to a holder that lives', async () => {
  const { dir } = createTempWorkspace()
  const release = await hold(dir, 'ledger', { label: { file: 'test/a.test.ts' } })
  const { code, out, err } = await breakAt(dir, 'ledger', { input: 'y\n' })
  expect(code).toBe(0)
  expect(err).toMatch(/^"ledger", scope workspace\n.*\nholds .*test\/a\.test\.ts.*\n\nBreaking it takes it away /)
  expect(err).toContain(`pid ${process.pid} is still running; it will fail with HEDDLE_LEASE_LOST.\nBreak it? (y/N) `)
  expect(out).toBe(`Broke "ledger", held by pid ${process.pid} (test/a.test.ts).\n`)
  expect(await holdersOf(dir, 'ledger')).toBe(0)
  await expect(release()).rejects.toThrow('HEDDLE_LEASE_LOST')
})

it('lets the next in line in', async () => {
  const { dir } = createTempWorkspace()
  await hold(dir, 'ledger')
  const isIn = waitFor(dir, 'ledger', { file: 'next.test.ts' })
  await breakAt(dir, 'ledger', { args: ['--yes'] })
  await isIn
  expect(await holdersOf(dir, 'ledger')).toBe(1)
})

it.each([['n\n'], ['\n'], [''], ['yikes\n']])('changes nothing for the answer %j', async (input) => {
  const { dir } = createTempWorkspace()
  await hold(dir, 'ledger')
  const { code, out, err } = await breakAt(dir, 'ledger', { input })
  expect([code, out]).toEqual([0, ''])
  expect(err).toMatch(/Nothing was changed\.\n$/)
  expect(await holdersOf(dir, 'ledger')).toBe(1)
})

it('changes nothing on Ctrl-C', async () => {
  const { dir } = createTempWorkspace()
  await hold(dir, 'ledger')
  const terminal = captureTerminal(dir, { env: LOCK_ENV })
  const stdin = Object.assign(new PassThrough(), { isTTY: true })
  const ended = main(['locks', '--break', 'ledger'], { ...terminal, stdin })
  await expect.poll(terminal.err).toMatch(/\(y\/N\) $/)
  terminal.signals.emit('SIGINT', 'SIGINT')
  expect(await ended).toBe(130)
  expect(await holdersOf(dir, 'ledger')).toBe(1)
})

it('changes nothing if the lock has gone on to others while it asked', async () => {
  const { dir } = createTempWorkspace()
  const release = await hold(dir, 'ledger', { label: { test: 'old' } })
  const terminal = captureTerminal(dir, { env: LOCK_ENV })
  const stdin = Object.assign(new PassThrough(), { isTTY: true })
  const ended = main(['locks', '--break', 'ledger'], { ...terminal, stdin })
  await expect.poll(terminal.err).toMatch(/\(y\/N\) $/)
  await release()
  await hold(dir, 'ledger', { label: { test: 'new' } })
  stdin.end('y\n')
  expect(await ended).toBe(1)
  expect(terminal.err()).toContain('Nothing was changed: "ledger" has other holders than a moment ago.\n')
  expect(await holdersOf(dir, 'ledger')).toBe(1)
})

it('does not warn of a holder that nobody can judge', async () => {
  const { dir } = createTempWorkspace()
  holdFromAfar({ name: 'ledger', scope: 'machine', file: 'a.test.ts' })
  const { out, err } = await breakAt(dir, 'ledger', { input: 'yes\n' })
  expect(err).not.toContain('HEDDLE_LEASE_LOST')
  expect(out).toMatch(/^Broke "ledger", held by pid 4242 \(a\.test\.ts, in another container or from an earlier boot/)
  expect((await heddle(dir, ['locks'], { env: LOCK_ENV })).out).toMatch(/^No lock is held/)
})

it('wants --yes where nobody can be asked', async () => {
  const { dir } = createTempWorkspace()
  await hold(dir, 'ledger')
  const run = (...args: string[]): Promise<Ended> =>
    heddle(dir, ['locks', '--break', 'ledger', ...args], { env: LOCK_ENV })
  expect(await run()).toMatchObject({
    code: 2,
    err: 'HEDDLE_USAGE: Cannot break "ledger": there is no terminal to ask for confirmation\nFix: look at its holders with `heddle locks ledger`, then add --yes.\n',
  })
  expect(await holdersOf(dir, 'ledger')).toBe(1)
  expect(await run('--yes')).toMatchObject({ code: 0, err: '' })
  expect(await holdersOf(dir, 'ledger')).toBe(0)
})

it('wants the scope of a name that several locks have', async () => {
  const { dir } = createTempWorkspace()
  await hold(dir, 'ledger')
  await hold(dir, { name: 'ledger', scope: 'machine' })
  const { code, err } = await breakAt(dir, 'ledger', { args: ['--yes'] })
  expect(code).toBe(2)
  expect(err).toMatch(
    /^HEDDLE_USAGE: Cannot break "ledger": several locks have that name\n {2}ledger-\w+, scope machine, from .*\n {2}ledger-\w+, scope workspace, from .*\nFix: add --scope machine or --scope workspace, or name one by its id/,
  )
  expect((await breakAt(dir, 'ledger', { args: ['--yes', '--scope', 'machine'] })).code).toBe(0)
  expect(await holdersOf(dir, 'ledger')).toBe(1)
})

it('takes the id where names and scopes are alike', async () => {
  const [one, other] = [createTempWorkspace(), createTempWorkspace()]
  await hold(one.dir, 'ledger')
  await hold(other.dir, 'ledger')
  const { err } = await breakAt(one.dir, 'ledger', { args: ['--yes', '--scope', 'workspace'] })
  expect(err).toContain('Fix: name one by its id, the first word above.')
  const { id } = await threadLeases({ root: other.dir }, LOCK_ENV).status('ledger')
  expect(err).toContain(`\n  ${id}, scope workspace, from `)
  expect((await breakAt(one.dir, id, { args: ['--yes'] })).code).toBe(0)
  expect([await holdersOf(one.dir, 'ledger'), await holdersOf(other.dir, 'ledger')]).toEqual([1, 0])
})

it('breaks what unkeyed serial tests take by its empty name', async () => {
  const { dir } = createTempWorkspace()
  await hold(dir, '')
  const { code, out } = await breakAt(dir, '', { args: ['--yes'] })
  expect([code, out]).toEqual([
    0,
    `Broke the lock of all serial tests, held by pid ${process.pid} (${process.cwd()}).\n`,
  ])
})

it('names the locks that there are if it knows none of that name', async () => {
  const { dir } = createTempWorkspace()
  await hold(dir, 'ledger')
  expect(await breakAt(dir, 'legder', { args: ['--yes'] })).toMatchObject({
    code: 2,
    err: 'HEDDLE_USAGE: Cannot break "legder": nobody holds it\nFix: did you mean one of "ledger"? `heddle locks` shows them.\n',
  })
  expect((await breakAt(dir, 'ledger', { args: ['--yes', '--scope', 'run'] })).err).toContain(
    'nobody holds it with scope run\n',
  )
})

it('has nothing to break where nothing is held', async () => {
  const { dir } = createTempWorkspace()
  const { code, err } = await breakAt(dir, 'ledger')
  expect(code).toBe(2)
  expect(err).toContain('Fix: there is nothing to break, no lock is held.\n')
})

it('takes the numbers in a group away with its permits', async () => {
  const { dir } = createTempWorkspace()
  const leases = threadLeases({ root: dir }, LOCK_ENV)
  const claim: GroupClaim = { name: 'postgres', limit: 2, scope: 'workspace', permits: 1 }
  const held = await acquireGroups(leases, [claim], { label: { file: 'a.test.ts' } })
  const missed = await breakAt(dir, 'postgres', { args: ['--yes'] })
  expect(missed.err).toContain('did you mean one of group "postgres" (group:postgres), slot 1 of group "postgres" (\'')
  const { code, out } = await breakAt(dir, 'group:postgres', { args: ['--yes'] })
  const by = `held by pid ${process.pid} (a.test.ts)`
  expect([code, out]).toEqual([0, `Broke group "postgres" with slot 1 of group "postgres", ${by}.\n`])
  const next = await tryAcquireGroups(leases, [claim], { holder: 'next' })
  expect(next?.slots).toEqual({ postgres: 1 })
  await next?.release()
  await expect(held.release()).rejects.toThrow('HEDDLE_LEASE_LOST')
})
