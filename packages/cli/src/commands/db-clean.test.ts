import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { main } from '../main.js'
import { captureTerminal, heddle } from '../testing/capture-terminal.js'
import { createTempWorkspace } from '../testing/temp-workspace.js'
import { configOf, type Toy } from '../testing/toy-resources.js'

const LEFT: Toy = { removes: ['hdl_3fa1c0_w1', 'hdl_3fa1c0_w2'] }

function workspaceOf(toys: Readonly<Record<string, Toy>>): string {
  const { dir, write } = createTempWorkspace()
  write('heddle.config.mjs', configOf(toys))
  return dir
}

it.each([[['clean']], [['db', 'clean']]])('removes what dead runs left, without asking: %j', async (command) => {
  const { code, out, err } = await heddle(workspaceOf({ main: LEFT, cache: {} }), command)
  expect([code, out]).toEqual([0, 'Removed 2:\n- main: hdl_3fa1c0_w1\n- main: hdl_3fa1c0_w2\n'])
  expect(err).toBe(
    'heddle: main cleans {"isAll":false,"isDryRun":false}\nheddle: cache cleans {"isAll":false,"isDryRun":false}\n',
  )
})

it('says that there was nothing', async () => {
  expect((await heddle(workspaceOf({ main: {} }), ['clean'])).out).toBe('Nothing had to be removed.\n')
  expect((await heddle(workspaceOf({ main: {} }), ['clean', '--dry-run'])).out).toBe(
    'Nothing is there to be removed.\n',
  )
})

it('tells once what several resources on one server would remove', async () => {
  const { out } = await heddle(workspaceOf({ main: LEFT, audit: LEFT }), ['clean', '--dry-run'])
  expect(out).toMatch(/^Would remove 2:\n/)
})

it('only tells, if asked to', async () => {
  const { out, err } = await heddle(workspaceOf({ main: LEFT }), ['clean', '--all', '--dry-run'])
  expect(out).toBe('Would remove 2:\n- main: hdl_3fa1c0_w1\n- main: hdl_3fa1c0_w2\n')
  expect(err).toBe('heddle: main cleans {"isAll":true,"isDryRun":true}\n')
})

it('asks before it removes what is kept, with what it would remove', async () => {
  const capture = { isTTY: true, input: 'y\n', env: { NO_COLOR: '1' } }
  const { code, out, err } = await heddle(workspaceOf({ main: LEFT }), ['clean', '--all'], capture)
  expect([code, out]).toEqual([0, 'Removed 2:\n- main: hdl_3fa1c0_w1\n- main: hdl_3fa1c0_w2\n'])
  expect(err).toBe(
    `heddle: main cleans {"isAll":true,"isDryRun":true}
Would remove 2:
- main: hdl_3fa1c0_w1
- main: hdl_3fa1c0_w2
Remove them? (y/N) heddle: main cleans {"isAll":true,"isDryRun":false}
`,
  )
})

it.each([['n\n'], [''], ['yikes\n']])('removes nothing for the answer %j', async (input) => {
  const { code, out, err } = await heddle(workspaceOf({ main: LEFT }), ['clean', '--all'], { isTTY: true, input })
  expect([code, out]).toEqual([0, ''])
  expect(err).toMatch(/Nothing was changed\.\n$/)
  expect(err).not.toContain('"isDryRun":false')
})

it('removes nothing on Ctrl-C', async () => {
  const terminal = captureTerminal(workspaceOf({ main: LEFT }))
  const stdin = Object.assign(new PassThrough(), { isTTY: true })
  const ended = main(['clean', '--all'], { ...terminal, stdin })
  await expect.poll(terminal.err).toMatch(/\(y\/N\) $/)
  terminal.signals.emit('SIGINT', 'SIGINT')
  expect(await ended).toBe(130)
  expect(terminal.err()).not.toContain('"isDryRun":false')
})

it('does not ask if there is nothing to remove', async () => {
  const { code, err } = await heddle(workspaceOf({ main: {} }), ['clean', '--all'], { isTTY: true })
  expect([code, err]).toEqual([
    0,
    'heddle: main cleans {"isAll":true,"isDryRun":true}\nNothing is there to be removed.\n',
  ])
})

it('wants --yes where nobody can be asked', async () => {
  const dir = workspaceOf({ main: LEFT })
  const refused = await heddle(dir, ['clean', '--all'])
  expect([refused.code, refused.out]).toEqual([2, ''])
  expect(refused.err).toMatch(
    /^HEDDLE_USAGE: .*\nFix: look at it with `heddle clean --all --dry-run`, then add --yes\.\n$/,
  )
  const { code, err } = await heddle(dir, ['clean', '--all', '--yes'])
  expect([code, err]).toEqual([0, 'heddle: main cleans {"isAll":true,"isDryRun":false}\n'])
})

it('cleans the others if one cannot be, and fails', async () => {
  const { code, out, err } = await heddle(workspaceOf({ cache: { failure: 'no server' }, main: LEFT }), ['clean'])
  expect(code).toBe(3)
  expect(out).toMatch(/^Removed 2:/)
  expect(err).toContain('heddle: cache: no server\n')
})

it('cleans one resource', async () => {
  const { err } = await heddle(workspaceOf({ main: LEFT, cache: {} }), ['clean', '--resource', 'cache'])
  expect(err).toBe('heddle: cache cleans {"isAll":false,"isDryRun":false}\n')
})

it('has nothing to do without resources', async () => {
  const { code, out } = await heddle(createTempWorkspace().dir, ['clean', '--all'])
  expect(code).toBe(0)
  expect(out).toMatch(/^heddle\.config has no resources\./)
})
