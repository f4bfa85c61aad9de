import { expect, it } from 'vitest'
import { heddle, type Ended } from '../testing/capture-terminal.js'
import { hold, holdFromAfar, LOCK_DIR, LOCK_ENV, waitFor } from '../testing/temp-locks.js'
import { createTempWorkspace } from '../testing/temp-workspace.js'

function locks(dir: string, ...args: string[]): Promise<Ended> {
  return heddle(dir, ['locks', ...args], { env: LOCK_ENV })
}

it('says that nothing is held, and where it looked', async () => {
  const { dir } = createTempWorkspace()
  expect(await locks(dir)).toEqual({ code: 0, out: `No lock is held: nobody is in "${LOCK_DIR}".\n`, err: '' })
})

it('lists every lock with who holds and who waits, that of all serial tests last', async () => {
  const { dir } = createTempWorkspace()
  await hold(dir, { name: '', mode: 'shared' })
  await hold(dir, 'ledger', { label: { file: 'test/a.test.ts', test: 'closes the year' } })
  void waitFor(dir, 'ledger', { file: 'test/b.test.ts' })
  await hold(dir, { name: 'db', scope: 'machine', limit: 4, permits: 3 })
  const { code, out } = await locks(dir)
  expect(code).toBe(0)
  expect(out.match(/^[^\n]*scope[^\n]*/gm)).toEqual([
    '"db", scope machine, limit 4',
    '"ledger", scope workspace',
    '(all serial tests), scope workspace: shared by 1 serial test with a key',
  ])
  expect(out).toMatch(/holds +\d+ s +\d+ +running +3 of 4/)
  expect(out).toMatch(/holds +.*test\/a\.test\.ts +closes the year.*\nwaits 1 .*test\/b\.test\.ts/)
})

it('shows one name, in all scopes or in one', async () => {
  const { dir } = createTempWorkspace()
  await hold(dir, 'ledger')
  await hold(dir, { name: 'ledger', scope: 'machine' })
  await hold(dir, 'smtp')
  const titles = async (...args: string[]): Promise<unknown> => (await locks(dir, ...args)).out.match(/^".*/gm)
  expect(await titles('ledger')).toEqual(['"ledger", scope machine', '"ledger", scope workspace'])
  expect(await titles('ledger', '--scope', 'machine')).toEqual(['"ledger", scope machine'])
  expect(await titles('--scope', 'workspace')).toEqual(['"ledger", scope workspace', '"smtp", scope workspace'])
})

it('tells the names that there are, if it is none of them', async () => {
  const { dir } = createTempWorkspace()
  await hold(dir, 'ledger')
  await hold(dir, { name: 'ledger', scope: 'machine' })
  await hold(dir, '')
  expect(await locks(dir, 'legder')).toMatchObject({
    code: 0,
    out: 'Nobody holds or waits for "legder"; there are "ledger", (all serial tests).\n',
  })
  expect((await locks(dir, '--scope', 'run')).out).toMatch(/^Nobody holds or waits for a lock with scope run; /)
})

it('prints JSON with whole milliseconds, and null for no limit', async () => {
  const { dir } = createTempWorkspace()
  await hold(dir, { name: 'ledger', scope: 'run' }, { runId: 'r1', label: { file: 'a.test.ts', test: 'books' } })
  const { out } = await locks(dir, '--json')
  expect(JSON.parse(out)).toEqual([
    {
      id: expect.stringMatching(/^ledger-/) as string,
      name: 'ledger',
      scope: 'run',
      limit: null,
      holders: [
        {
          pid: process.pid,
          state: 'running',
          permits: 'all',
          forMs: expect.any(Number) as number,
          file: 'a.test.ts',
          test: 'books',
          run: 'r1',
          cwd: process.cwd(),
        },
      ],
      waiters: [],
    },
  ])
  expect(out).toMatch(/"forMs": \d+,/)
})

it('prints an empty list for machines', async () => {
  const { dir } = createTempWorkspace()
  expect((await locks(dir, '--json')).out).toBe('[]\n')
})

it('shows a holder that nobody can judge', async () => {
  const { dir } = createTempWorkspace()
  holdFromAfar({ name: 'ledger', scope: 'machine', cwd: '/app' })
  expect((await locks(dir)).out).toMatch(/holds .* 4242 +cannot be judged +exclusive +\/app/)
})

it('fails where the lock directory cannot be used', async () => {
  const { dir, write } = createTempWorkspace()
  const file = write('locks')
  const { code, err } = await heddle(dir, ['locks'], { env: { HEDDLE_LOCK_DIR: file } })
  expect(code).toBe(3)
  expect(err).toMatch(/^HEDDLE_LOCK_DIR_UNUSABLE: Cannot keep locks in ".*locks": /)
})
