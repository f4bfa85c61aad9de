import { expect, it } from 'vitest'
import { heddle } from '../testing/capture-terminal.js'
import { createTempWorkspace } from '../testing/temp-workspace.js'
import { configOf, TEMPLATE, WORKER } from '../testing/toy-resources.js'

it('lists everything of every resource, without passwords', async () => {
  const { dir, write } = createTempWorkspace()
  write(
    'heddle.config.mjs',
    configOf({ main: { kind: 'postgres', rows: [TEMPLATE, WORKER] }, cache: { kind: 'redis' } }),
  )
  const { code, out, err } = await heddle(dir, ['db', 'status'])
  expect(code).toBe(0)
  expect(out).toBe(
    `main, postgres
KIND      STATE   SLOT       USED    SIZE  NAME                URL                                         NOTE
template  free                             hdl_tpl_0a1b2c3d4e                                              3 migrations
worker    in use     2  1 min ago  8.1 MB  hdl_3fa1c0_w2       postgres://app:***@localhost/hdl_3fa1c0_w2

cache, redis: nothing is there
`,
  )
  expect(err).toContain(`heddle: asked in ${dir}\n`)
})

it('shows once what several resources see on one server, and apart what is of others', async () => {
  const audit = { ...WORKER, name: 'hdl_3fa1c0_w1', slot: 1 }
  const other = { ...TEMPLATE, name: 'hdl_tpl_ffffffffff', isOthers: true }
  const { dir, write } = createTempWorkspace()
  const toys = {
    main: { rows: [WORKER, { ...audit, isOthers: true }, other] },
    audit: { rows: [{ ...WORKER, isOthers: true }, audit, other] },
  }
  write('heddle.config.mjs', configOf(toys))
  const { out } = await heddle(dir, ['db', 'status'])
  const titles = ['main, toy', 'audit, toy', 'made by others on the same server']
  expect(out.split('\n\n').map((table) => table.split('\n')[0])).toEqual(titles)
  expect(out.match(/ hdl_\w+/g)).toEqual([' hdl_3fa1c0_w2', ' hdl_3fa1c0_w1', ' hdl_tpl_ffffffffff'])
  const rows = JSON.parse((await heddle(dir, ['db', 'status', '--json'])).out) as { resource: string; name: string }[]
  expect(rows.map(({ resource, name }) => [resource, name])).toEqual([
    ['main', WORKER.name],
    ['audit', audit.name],
    [null, other.name],
  ])
  expect(rows[2]).not.toHaveProperty('isOthers')
})

it('leaves out columns that nobody needs', async () => {
  const { dir, write } = createTempWorkspace()
  write('heddle.config.mjs', configOf({ main: { rows: [{ kind: 'server', name: 'pg', state: 'in use' }] } }))
  expect((await heddle(dir, ['db', 'status'])).out).toBe('main, toy\nKIND    STATE   NAME\nserver  in use  pg\n')
})

it('shows one resource', async () => {
  const { dir, write } = createTempWorkspace()
  write('heddle.config.mjs', configOf({ main: {}, cache: {} }))
  expect((await heddle(dir, ['db', 'status', '--resource', 'cache'])).out).toBe('cache, toy: nothing is there\n')
})

it('says which resource does not tell', async () => {
  const { dir, write } = createTempWorkspace()
  write('heddle.config.mjs', configOf({ main: {}, photos: {} }))
  expect((await heddle(dir, ['db', 'status'])).out).toBe(
    'main, toy: nothing is there\n\nphotos, bucket: does not tell what is there\n',
  )
})

it('prints JSON, without passwords too', async () => {
  const { dir, write } = createTempWorkspace()
  write('heddle.config.mjs', configOf({ main: { rows: [WORKER, TEMPLATE] }, cache: {} }))
  const { out } = await heddle(dir, ['db', 'status', '--json'])
  const url = 'postgres://app:***@localhost/hdl_3fa1c0_w2'
  expect(JSON.parse(out)).toEqual([
    { resource: 'main', ...WORKER, url },
    { resource: 'main', ...TEMPLATE },
  ])
})

it('shows the others if one cannot be asked, and fails', async () => {
  const { dir, write } = createTempWorkspace()
  write('heddle.config.mjs', configOf({ main: { failure: 'nobody listens at localhost:5432' }, cache: {} }))
  const { code, out, err } = await heddle(dir, ['db', 'status'])
  expect([code, out]).toEqual([3, 'cache, toy: nothing is there\n'])
  expect(err).toContain('heddle: main: nobody listens at localhost:5432\n')
})

it.each([[[]], [['--json']]])('has nothing to show without resources: %j', async (args) => {
  const { dir } = createTempWorkspace()
  const { code, out } = await heddle(dir, ['db', 'status', ...args])
  expect(code).toBe(0)
  expect(out).toMatch(args.length === 0 ? /^heddle\.config has no resources\.\nAdd one: / : /^\[\]\n$/)
})

it.each([
  ['mian', 'the resources of heddle.config are "main", "cache"\nFix: did you mean "main"?\n'],
  ['x', 'the resources of heddle.config are "main", "cache"\nFix: name one of them, or leave --resource out.\n'],
])('does not know a resource "%s"', async (name, text) => {
  const { dir, write } = createTempWorkspace()
  write('heddle.config.mjs', configOf({ main: {}, cache: {} }))
  const { code, err } = await heddle(dir, ['db', 'status', '--resource', name])
  expect([code, err]).toEqual([2, `HEDDLE_USAGE: Cannot find resource "${name}": ${text}`])
})
