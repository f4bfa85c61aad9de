import type { ResourceRow } from '@heddle/core'
import { expect, it } from 'vitest'
import { main } from '../main.js'
import { captureTerminal, heddle, type Ended } from '../testing/capture-terminal.js'
import { createTempWorkspace } from '../testing/temp-workspace.js'
import { configOf, TEMPLATE, WORKER, type Toy } from '../testing/toy-resources.js'

async function urlOf(toys: Readonly<Record<string, Toy>>, ...args: string[]): Promise<Ended> {
  const { dir, write } = createTempWorkspace()
  write('heddle.config.mjs', configOf(toys))
  const ended = await heddle(dir, ['db', 'url', ...args])
  return { ...ended, err: ended.err.replaceAll(/^heddle: asked in .*\n/gm, '') }
}

/** The same slot of another run. */
const twin = (name: string, row: Partial<ResourceRow>): ResourceRow => ({
  ...WORKER,
  name,
  url: `pg://x/${name}`,
  ...row,
})

it('prints the whole URL of a slot and nothing else', async () => {
  expect(await urlOf({ main: { rows: [TEMPLATE, WORKER] } }, '--slot', '2')).toEqual({
    code: 0,
    out: 'postgres://app:secret@localhost/hdl_3fa1c0_w2\n',
    err: '',
  })
})

it('prints that of a name', async () => {
  const kept: ResourceRow = { kind: 'kept', name: 'hdl_3fa1c0_kept_1', state: 'free', url: 'pg://x/kept' }
  expect(await urlOf({ main: { rows: [WORKER, kept] } }, 'hdl_3fa1c0_kept_1')).toMatchObject({
    code: 0,
    out: 'pg://x/kept\n',
  })
})

it('takes one in use rather than one that was used later, then the one used last', async () => {
  const later = twin('b', { state: 'free', usedAt: '2026-03-14T12:30:00.000Z' })
  const last = twin('c', { usedAt: '2026-03-14T12:00:00.000Z' })
  expect((await urlOf({ main: { rows: [later, WORKER, last] } }, '--slot', '2')).out).toBe('pg://x/c\n')
})

it('takes one of a slot only if the resource has made it, and any by its name', async () => {
  const rows = [twin('theirs', { isOthers: true })]
  expect(await urlOf({ main: { rows }, audit: { rows } }, '--slot', '2')).toMatchObject({ code: 2 })
  expect(await urlOf({ main: { rows }, audit: { rows } }, 'theirs')).toMatchObject({ code: 0, out: 'pg://x/theirs\n' })
})

it('takes none of a test, and none without a URL', async () => {
  const rows = [twin('a', { kind: 'test' }), twin('b', { url: undefined })]
  expect(await urlOf({ main: { rows } }, '--slot', '2')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^HEDDLE_USAGE: Cannot print the URL of slot 2: .*\nFix: there are a; /) as string,
  })
})

it('says when databases are there', async () => {
  expect(await urlOf({ main: {} }, '--slot', '1')).toMatchObject({
    code: 2,
    err: expect.stringContaining('Fix: databases of workers are there while a run goes on; ') as string,
  })
})

it('wants to know which, if several resources have one', async () => {
  const toys = { main: { rows: [WORKER] }, audit: { rows: [twin('a', {})] } }
  expect(await urlOf(toys, '--slot', '2')).toMatchObject({
    code: 2,
    err: 'HEDDLE_USAGE: Cannot print the URL of slot 2: "main" and "audit" have one\nFix: add --resource main or --resource audit.\n',
  })
  expect(await urlOf(toys, '--slot', '2', '--resource', 'audit')).toMatchObject({ code: 0, out: 'pg://x/a\n' })
})

it('does not blame the user if a server could not be asked', async () => {
  expect(await urlOf({ main: { failure: 'no server' } }, '--slot', '2')).toEqual({
    code: 3,
    out: '',
    err: 'heddle: main: no server\n',
  })
})

it('holds what it is on until Ctrl-C', async () => {
  const { dir, write } = createTempWorkspace()
  write('heddle.config.mjs', configOf({ main: { rows: [WORKER] } }))
  const terminal = captureTerminal(dir)
  const ended = main(['db', 'url', '--slot', '2', '--hold'], terminal)
  await expect.poll(terminal.err).toContain('Ctrl-C ends what runs for it.\n')
  expect(terminal.out()).toBe(`${WORKER.url}\n`)
  expect(terminal.err()).toMatch(/^heddle: main is held\nheddle: asked in /)
  expect(terminal.err()).not.toContain('let go')
  terminal.signals.emit('SIGINT', 'SIGINT')
  expect(await ended).toBe(130)
  expect(terminal.err()).toMatch(/heddle: main is let go\n$/)
})

it('lets go at once if there is nothing to print', async () => {
  const { code, err } = await urlOf({ main: {} }, '--slot', '2', '--hold')
  expect(code).toBe(2)
  expect(err).toMatch(/^heddle: main is held\nheddle: main is let go\nHEDDLE_USAGE: /)
})

it.each([[[]], [['hdl_1', '--slot', '2']]])('refuses %j', async (args) => {
  expect(await urlOf({ main: {} }, ...args)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^HEDDLE_USAGE: Cannot print the URL of a database: (neither|both) /) as string,
  })
})
