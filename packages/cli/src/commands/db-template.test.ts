import { expect, it } from 'vitest'
import { heddle, type Ended } from '../testing/capture-terminal.js'
import { createTempWorkspace } from '../testing/temp-workspace.js'
import { configOf, type Toy } from '../testing/toy-resources.js'

function rebuild(toys: Readonly<Record<string, Toy>>, ...args: string[]): Promise<Ended> {
  const { dir, write } = createTempWorkspace()
  write('heddle.config.mjs', configOf(toys))
  return heddle(dir, ['db', 'template', ...args])
}

it('makes the templates of all resources anew that have one', async () => {
  expect(
    await rebuild({ main: { template: 'hdl_tpl_1' }, cache: {}, audit: { template: 'hdl_tpl_2' } }, '--rebuild'),
  ).toEqual({
    code: 0,
    out: 'main: made hdl_tpl_1 anew\naudit: made hdl_tpl_2 anew\n',
    err: '',
  })
})

it('makes that of one resource anew', async () => {
  const toys = { main: { template: 'hdl_tpl_1' }, audit: { template: 'hdl_tpl_2' } }
  expect((await rebuild(toys, '--rebuild', '--resource', 'audit')).out).toBe('audit: made hdl_tpl_2 anew\n')
})

it('goes on with the others if one fails, and fails', async () => {
  const toys = { main: { template: 'x', failure: 'no server' }, audit: { template: 'hdl_tpl_2' } }
  expect(await rebuild(toys, '--rebuild')).toEqual({
    code: 3,
    out: 'audit: made hdl_tpl_2 anew\n',
    err: 'heddle: main: no server\n',
  })
})

it.each([
  [[], 'no resource of heddle.config has one'],
  [['--resource', 'cache'], '"cache" has none'],
])('says that there is no template: %j', async (args, text) => {
  const { code, err } = await rebuild({ cache: {} }, '--rebuild', ...args)
  expect(code).toBe(2)
  expect(err).toContain(`HEDDLE_USAGE: Cannot make templates anew: ${text}\n`)
})

it('does nothing but with --rebuild', async () => {
  const { code, err } = await rebuild({ main: { template: 'hdl_tpl_1' } })
  expect([code, err]).toEqual([2, "error: required option '--rebuild' not specified\n"])
})
