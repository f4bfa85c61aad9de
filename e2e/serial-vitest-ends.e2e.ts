import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { threadLeases } from '@heddle/core/leases'
import { describe, expect, test } from 'vitest'
import { VITEST_HOSTS } from './lib/hosts.js'
import type { Project } from './lib/project.js'
import {
  bodies,
  events,
  JSON_REPORT,
  lockEnv,
  overlaps,
  pass,
  reported,
  run,
  serialProject,
  twoWorkers,
  untilBegun,
  writeTests,
} from './lib/serial-vitest-project.js'

const LONG = `serial('ledger')('holds', body('long', 60_000), 90_000)`

describe.each(VITEST_HOSTS)('serial in Vitest $version, when something goes wrong:', (host) => {
  const isThree = host.version.startsWith('3.')

  test('a wait has its own limit, whose error names the holder; what cannot be granted never runs', async () => {
    const project = serialProject(host, {
      long: `serial('ledger')('holds', body('long', 6000), 20_000)`,
      short: `
        beforeEach(({ task }) => tell('begin', 'hook: ' + task.name))
        serial({ key: 'ledger', timeoutMs: 300 })('late', { retry: 2 }, body('late'))
        serial({ key: 'ledger', timeoutMs: 300 })('late file', body('late'))
        serial.describe({ key: 'ledger', timeoutMs: 300 }, 'late block', () => { beforeAll(body('late')); test('in it', body('late')) })
        serial.describe('smtp', 'mail', () => { serial('other')('other key', body('late')) })
        test('ordinary', () => undefined)
        test('computed', () => { expect(() => serial.file('led' + 'ger')).toThrow(/HEDDLE_SERIAL_INVALID.*on a line of its own/s) })`,
      file: `serial.file({ key: 'ledger' })\n${LONG}`,
    })
    const long = pass(project, 'long')
    await untilBegun(project, 'long')
    const { code, stdout, stderr } = await run(project, 'short', 'file', ...JSON_REPORT)
    expect(code, stdout + stderr).toBe(1)
    expect(reported(project, 'late').failureMessages).toEqual([
      expect.stringMatching(
        /^HeddleError: HEDDLE_LEASE_TIMEOUT: Cannot acquire "ledger".* within 300 ms: held for \d+ ms by pid \d+ \(test\/long\.test\.js, "holds"\)/,
      ),
    ])
    expect(reported(project, 'other key').failureMessages[0]).toContain('HEDDLE_SERIAL_INVALID')
    expect(reported(project, 'in it').status).toBe('skipped')
    expect(reported(project, 'ordinary').status).toBe('passed')
    expect(reported(project, 'computed').failureMessages).toEqual([])
    expect(stdout + stderr).toContain('on a line of its own')
    await long
    expect(bodies(project).filter((name) => name !== 'long')).toEqual(['hook: ordinary', 'hook: computed'])
  })

  test('without heddle in the config it says which line to add', async () => {
    const project = serialProject(host, { a: `serial('ledger')('never runs', body('a'))` })
    project.write('vitest.config.mts', 'export default {}')
    const { code, stdout, stderr } = await run(project)
    expect(code).toBe(1)
    expect(stdout + stderr).toMatch(/HEDDLE_NOT_CONFIGURED[\s\S]*plugins: \[heddle\(\)\]/)
    expect(bodies(project)).toEqual([])
  })

  test('a setup file and a runner of the user stay, and projects given as directories have serial tests', async () => {
    const project = serialProject(host, {}, `projects: ['./one', './two']`)
    const base = isThree
      ? `import { VitestTestRunner as Base } from 'vitest/runners'`
      : `import { TestRunner as Base } from 'vitest'`
    project.write(
      'runner.js',
      `${base}\nexport default class extends Base { onBeforeRunTask(test) { globalThis.ran = true; return super.onBeforeRunTask(test) } }`,
    )
    project.write('setup.js', 'globalThis.setUp = true')
    for (const name of ['one', 'two']) {
      project.write(
        `${name}/vitest.config.mjs`,
        `export default { test: { name: '${name}', runner: '../runner.js', setupFiles: ['../setup.js'] } }`,
      )
      writeTests(
        project,
        `${name}/a.test.js`,
        `
        for (const n of [1, 2]) serial('ledger')('test ' + n, async () => { expect([globalThis.ran, globalThis.setUp, isSerial('ledger')]).toEqual([true, true, true]); await body('a', 200)() })`,
      )
    }
    await pass(project, ...twoWorkers(host))
    expect(overlaps(project)).toEqual([])
    expect(bodies(project)).toHaveLength(4)

    // Listing runs the files as well; the e2e process holds the key meanwhile.
    writeTests(project, 'one/b.test.js', `serial.file('ledger')\ntest('test 3', () => undefined)`)
    const inFull = host.version.startsWith('5.') ? ['--no-static-parse'] : []
    const { stdout } = await threadLeases({ root: project.dir }, lockEnv(project)).withLease('ledger', () =>
      project.run(['list', '--json', ...inFull], { env: lockEnv(project) }),
    )
    expect(stdout).toContain('"test 1"')
    expect(stdout).toContain('"test 3"')
  })

  test('when a worker that holds is killed, others go on, and not before', async () => {
    const waits = `tell('begin', 'waiting')\nserial('ledger')('goes on', body('short'))`
    const project = serialProject(host, { long: LONG, short: waits })
    const killed = run(project, 'long', '--pool=forks')
    const { pid } = await untilBegun(project, 'long')
    const waiting = pass(project, 'short')
    await untilBegun(project, 'waiting')
    await setTimeout(500)
    project.write(`events/${pid}-killed`, JSON.stringify({ file: 'killed', kind: 'begin', at: Date.now() }))
    process.kill(pid, 'SIGKILL')
    await waiting
    expect((await killed).code).not.toBe(0)
    expect(bodies(project)).toEqual(['long', 'waiting', 'killed', 'short'])
  })

  test('--bail ends a wait; Ctrl-C gives everything back', async () => {
    const project = serialProject(host, {
      long: LONG,
      wait: `tell('begin', 'waiting')\nserial('ledger')('waits', body('waits'))\nserial.describe('ledger', 'waits', () => { test('too', body('waits')) })`,
      file: `/** @serial ledger */\ntell('begin', 'waits')\ntest('ordinary', () => undefined)`,
      fail: `test('fails', async () => { await until('begin', 'waiting'); await sleep(500); throw new Error('no') })`,
      short: `serial({ key: 'ledger', timeoutMs: 10_000 })('goes on', body('short'))`,
    })
    const holding = run(project, 'long', '--pool=forks')
    const { ppid } = await untilBegun(project, 'long')
    const workers = ['--maxWorkers=3', ...(isThree ? ['--minWorkers=3'] : [])]
    const bailed = await run(project, 'wait', 'fail', 'file', '--bail=1', ...workers)
    expect(bailed.code).toBe(1)
    expect(bailed.stdout + bailed.stderr).not.toContain('HEDDLE_')
    // As a terminal does: to Vitest and to its workers.
    process.kill(-ppid, 'SIGINT')
    await holding
    expect(await livingParticipants(project)).toEqual([])
    await pass(project, 'short')
    expect(bodies(project)).toEqual(['long', 'waiting', 'short'])
  })

  test('watch mode runs serial tests again', async () => {
    const project = serialProject(host, { a: `serial('ledger')('again', body('a'))` })
    const watching = project.watch(['--watch'])
    await watching.until(/Waiting for file changes/)
    writeTests(project, 'test/a.test.js', `serial('ledger')('again', body('changed'))`)
    await watching.until(/Waiting for file changes/)
    expect(bodies(project)).toEqual(['a', 'changed'])
    expect(await livingParticipants(project)).toEqual([])
  })

  test("onTimeout: 'stop-worker' ends what timed out, where the host allows it", async () => {
    const project = serialProject(host, {
      stuck: `serial({ key: 'ledger', onTimeout: 'stop-worker' })('stuck', body('stuck', 15_000), 200)\ntest('next', body('never'))`,
      short: `test('after', async () => { await until('begin', 'stuck') }, 20_000)\nserial('ledger')('goes on', body('short'), 20_000)`,
    })
    const pool = isThree ? '--pool=threads' : '--pool=forks'
    const { code, stdout, stderr } = await run(project, pool, ...twoWorkers(host))
    expect(code).toBe(1)
    expect(stdout + stderr).toMatch(
      isThree ? /heddle: onTimeout: 'stop-worker' needs/ : /heddle: stopping the worker, because "stuck" timed out/,
    )
    expect(bodies(project).includes('never')).toBe(isThree)
    const last = events(project).findLast(({ file }) => file === 'stuck')
    const begun = events(project).find(({ file }) => file === 'short')
    expect(begun?.at).toBeGreaterThan(last?.at ?? Infinity)
  })
})

async function livingParticipants(project: Project): Promise<unknown[]> {
  const dir = join(project.dir, 'locks')
  expect(readdirSync(dir).length).toBeGreaterThan(0)
  const all = await threadLeases({ root: project.dir }, lockEnv(project)).statusOfAll()
  return all.flatMap(({ holders, waiters }) => [...holders, ...waiters]).filter(({ state }) => state !== 'gone')
}
