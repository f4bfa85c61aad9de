import { join } from 'node:path'
import { expect, it } from 'vitest'
import { main } from './main.js'
import { captureTerminal, heddle } from './testing/capture-terminal.js'
import { createTempWorkspace, fakeVitest } from './testing/temp-workspace.js'

const COMMANDS = [
  [],
  ['history'],
  ['history', 'snapshot'],
  ['history', 'prune'],
  ['history', 'merge'],
  ['plan'],
  ['locks'],
  ['db'],
  ['db', 'status'],
  ['db', 'url'],
  ['db', 'clean'],
  ['db', 'template'],
  ['clean'],
]

it.each([...COMMANDS, ['plan', 'verify']])(
  'explains "heddle %s %s" with examples and exit codes',
  async (...command) => {
    const { dir } = createTempWorkspace()
    const { code, out } = await heddle(dir, [...command, '--help'])
    expect(code).toBe(0)
    expect(out).toMatch(/^Usage: heddle/)
    expect(out).toMatch(/Examples?:\n {2}\$ /)
    expect(out).toContain('Exit codes: 0 ')
  },
)

it('wants a command', async () => {
  const { dir } = createTempWorkspace()
  const { code, out, err } = await heddle(dir, [])
  expect([code, out]).toEqual([2, ''])
  expect(err).toMatch(/^Usage: heddle/)
})

it.each([
  [['hist'], 'history'],
  [['history', 'snapsho'], 'snapshot'],
  [['plan', 'verfy'], 'verify'],
  [['lock'], 'locks'],
  [['db', 'staus'], 'status'],
  [['clena'], 'clean'],
  [['db', 'clean', '--dryrun'], '--dry-run'],
  [['locks', '--brake', 'ledger'], '--break'],
  [['history', '--limt', '3'], '--limit'],
  [['plan', '--shard', '3'], '--shards'],
  [['history', 'prune', '--dryrun'], '--dry-run'],
])('guesses what %j was to be', async (argv, guess) => {
  const { dir } = createTempWorkspace()
  const { code, out, err } = await heddle(dir, argv)
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain(`(Did you mean ${guess}?)`)
})

it.each([
  [['plan', '--shards', '0']],
  [['plan', '--workers', '1.5']],
  [['plan', '--from', 'memory']],
  [['plan', '--host', 'mocha']],
  [['history', '--limit', '0']],
  [['history', '--limit', '3', '--all']],
  [['history', 'snapshot', 'extra']],
  [['plan', 'a.test.ts']],
  [['locks', '--scope', 'planet']],
  [['db', 'url', '--slot', '0']],
  [['db', 'status', 'main']],
  [['clean', 'main']],
  [['locks', 'ledger', 'smtp']],
  [['locks', '--watch', '--break', 'ledger']],
  [['locks', 'smtp', '--break', 'ledger']],
])('refuses %j', async (argv) => {
  const { dir } = createTempWorkspace()
  const { code, out, err } = await heddle(dir, argv)
  expect([code, out]).toEqual([2, ''])
  expect(err).toMatch(/^error: /)
})

it('prints the help of a command for "help"', async () => {
  const { dir } = createTempWorkspace()
  expect((await heddle(dir, ['history', 'help'])).out).toBe((await heddle(dir, ['history', '--help'])).out)
})

it('hands only a plan on to a host', async () => {
  const { dir } = createTempWorkspace()
  const { code, err } = await heddle(dir, ['history', '--', '--project', 'x'])
  expect(code).toBe(2)
  expect(err).toMatch(/^HEDDLE_USAGE: Cannot hand "--project x" on to a host: /)
})

it('hands on everything after the first --', async () => {
  const { dir, write, installHost } = createTempWorkspace()
  write('vitest.config.ts')
  installHost('vitest', `console.error(process.argv.slice(5)); process.exit(1)`)
  expect((await heddle(dir, ['plan', '--', '--json', '--', '--all'])).err).toContain(`[ '--json', '--', '--all' ]`)
})

it('prints an error of heddle without a stack', async () => {
  const { dir, write } = createTempWorkspace()
  write('heddle.config.json', '{"histroy":{}}')
  const { code, err } = await heddle(dir, ['history'], { env: { DEBUG: '1' } })
  expect(code).toBe(2)
  expect(err).toMatch(/^HEDDLE_OPTIONS_INVALID: .*unknown option "histroy", did you mean "history"\?\nFix: [^\n]*\n$/)
})

it('tells a broken config file from wrong options', async () => {
  const { dir, write } = createTempWorkspace()
  write('heddle.config.json', '{')
  expect(await heddle(dir, ['history'])).toMatchObject({ code: 3 })
})

it('asks for a report of what it did not expect', async () => {
  const { dir, record } = createTempWorkspace()
  record({ 'a.test.ts': 1500 })
  const broken = (env: NodeJS.ProcessEnv) => ({
    ...captureTerminal(dir, { env }),
    now: () => {
      throw new TypeError('boom')
    },
  })
  const short = broken({})
  expect(await main(['history'], short)).toBe(70)
  expect(short.err()).toMatch(
    /^heddle: unexpected error: boom\nThis is a bug in heddle\. .*DEBUG=heddle.*\nhttps:.*\/issues\n$/,
  )
  const long = broken({ DEBUG: 'heddle' })
  expect(await main(['history'], long)).toBe(70)
  expect(long.err()).toMatch(/TypeError: boom\n +at .*main\.test\.ts/)
})

it('ends with the code of the signal that stopped it, silently', async () => {
  const { dir, write, installHost } = createTempWorkspace()
  write('vitest.config.ts')
  installHost('vitest', 'setInterval(() => {}, 1000)')
  const terminal = captureTerminal(dir)
  const ended = main(['plan'], terminal)
  await expect.poll(() => terminal.signals.listenerCount('SIGINT')).toBe(1)
  terminal.signals.emit('SIGINT', 'SIGINT')
  expect(await ended).toBe(130)
  expect([terminal.out(), terminal.err()]).toEqual(['', ''])
})

it('reads the options of the workspace from a package in it', async () => {
  const { dir, write, installHost, record } = createTempWorkspace()
  write('package.json', '{"workspaces":["packages/*"]}')
  write('heddle.config.json', '{"dir":"state"}')
  write('packages/api/vitest.config.ts')
  installHost('vitest', fakeVitest({ 'a.test.ts': '' }))
  record({ 'packages/api/a.test.ts': 1500 }, { dir: 'state/history' })
  expect((await heddle(join(dir, 'packages/api'), ['history'])).out).toContain('packages/api/a.test.ts')
})
