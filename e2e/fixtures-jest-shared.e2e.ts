import { describe, expect, test } from 'vitest'
import { FixturesProject } from './lib/fixtures-jest-project.js'
import { JEST_HOSTS } from './lib/hosts.js'

const FILES = 40

/** As many test files that use the same. */
function files(body: string): Record<string, string> {
  return Object.fromEntries(Array.from({ length: FILES }, (_, i) => [`f${i}.test.js`, body]))
}

const MODULE = `const { tell } = require('./tell.js')
exports.create = async ({ tempDir }) => { tell('create', await tempDir()); await new Promise((resolve) => setTimeout(resolve, 300)); return { id: Math.random() } }
exports.destroy = ({ id }) => tell('destroy', id)
`

describe.each(JEST_HOSTS)('shared in Jest $version', { timeout: 300_000 }, (host) => {
  test('is created once and destroyed once by the main process, for 40 files in 8 workers', async () => {
    const project = new FixturesProject(host, {
      'module.js': MODULE,
      ...files(`const one = heddle.shared('one', { create: './test/module.js' })
        test('uses it', async () => tell('use', (await one).id))`),
    })
    const { stderr } = await project.pass(['--maxWorkers=8'])
    const told = project.takeTold()
    const of = (what: string): unknown[] => told.filter((one) => one.what === what).map(({ value }) => value)
    expect(of('create'), stderr).toHaveLength(1)
    expect(of('use')).toHaveLength(FILES)
    expect(new Set(of('use')).size).toBe(1)
    expect(of('destroy')).toEqual([of('use')[0]])
    expect(told.at(-1)?.what).toBe('destroy')
    expect(project.leftOnDisk()).toEqual([])
  })

  test('is never there twice at a time when workers create it, nor when the creator is killed', async () => {
    const project = new FixturesProject(host, {
      ...files(`const one = heddle.shared('one', {
          create: async () => { const id = Math.random(); tell('create', id); await sleep(50); return { id } },
          destroy: ({ id }) => tell('destroy', id),
        })
        test('uses it', async () => { const { id } = await one; tell('use', id); await sleep(100) })`),
      'kills.test.js': `heddle.shared('other', { create: async () => { tell('created by', process.pid); return 1 }, destroy: () => tell('destroyed') })
        test('is killed', async () => { await sleep(200); process.kill(process.pid, 'SIGKILL') })`,
      'waits.test.js': `beforeAll(() => begun('created by'), 20_000)
        test('gets what was created', async () => {
          expect(await heddle.shared('other', { create: () => 2, destroy: () => tell('destroyed') })).toBe(1)
          // Until the creator is dead: then this is the last user.
          await sleep(2000)
        })`,
    })
    const run = await project.run(['--maxWorkers=8'])
    expect(run.stderr).toMatch(/Tests: +(?:1 failed, )?41 passed/)
    const told = project.takeTold()
    const alive = new Set<unknown>()
    for (const { what, value } of told) {
      if (what === 'create') alive.add(value)
      if (what === 'destroy') alive.delete(value)
      if (what === 'use') expect([...alive]).toEqual([value])
    }
    expect(alive.size).toBe(0)
    expect(told.filter(({ what }) => what === 'destroyed')).toHaveLength(1)
    expect(project.leftOnDisk()).toEqual([])
  })

  test('is waited for in no time-out when asked for at the top of a file, and tells each waiter what failed', async () => {
    const project = new FixturesProject(host, {
      'slow.test.js': `const slow = heddle.shared('slow', { create: async () => { await sleep(1500); return 'slow' } })
        const unused = heddle.shared('unused', { create: async () => tell('unused') })
        test('has it', async () => expect(await slow).toBe('slow'), 300)`,
      'fails.test.js': `const fails = heddle.shared('fails', { create: async () => { throw Object.assign(new TypeError('no such server'), { code: 'ENOSERVER' }) } })
        test('is told why', async () => expect(Promise.resolve(fails)).rejects.toMatchObject({ name: 'TypeError', message: 'no such server', code: 'ENOSERVER' }))
        test('passes', () => {})`,
      'skipped.test.js': `heddle.shared('skipped', { create: () => tell('NEVER') })\ntest.skip('is skipped', () => {})`,
    })
    await project.pass()
    expect(project.takeTold().map(({ what }) => what)).not.toContain('NEVER')
  })
})
