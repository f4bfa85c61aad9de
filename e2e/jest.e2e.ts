import { describe, expect, test } from 'vitest'
import { JEST_HOSTS } from './lib/hosts.js'
import { Project, type HostRun } from './lib/project.js'
import { fileOf, sleeper, SLOWEST_FIRST, warmProject } from './lib/sleepers.js'

const LINE = /^heddle: \d+ files? on \d+ workers? in .+× the lower bound/m

describe.each(JEST_HOSTS)('Jest $version', (host) => {
  test('starts the slowest files first in the second run', async () => {
    const project = Project.create('jest', host)
    const cold = await run(project)
    expect(cold.stderr).toMatch(LINE)
    expect(project.records()).toHaveLength(1)
    project.takeEvents()
    const planned = project.slowestFirst()

    await run(project)

    expect(project.takeStarts().map((name) => `test/${name}`)).toEqual(planned)
    expect(project.records()).toHaveLength(2)
  })

  test('keeps workers busy where Jest would run fast files one after another', async () => {
    const project = warmProject(host)
    await run(project, ['--maxWorkers=2'])
    const events = project.takeEvents()
    expect(events.slice(0, 2).map(({ kind }) => kind)).toEqual(['begin', 'begin'])
    expect(
      events
        .slice(0, 2)
        .map(({ file }) => file)
        .sort(),
    ).toEqual(SLOWEST_FIRST.slice(0, 2).sort())
    expect(project.lastRecord().header.workers).toBe(2)
  })

  test('works with nothing but the sequencer', async () => {
    const project = warmProject(host)
    project.write('jest.config.js', `module.exports = { testSequencer: '@heddle/jest/sequencer' }`)
    await run(project)
    expect(project.takeStarts()).toEqual(SLOWEST_FIRST)
    expect(project.records()).toHaveLength(2)
  })

  test('wraps an async function in an ES module', async () => {
    const project = warmProject(host)
    project.remove('jest.config.js')
    project.write(
      'jest.config.mjs',
      `import { withHeddle } from '@heddle/jest'
       export default withHeddle(async () => ({ testEnvironment: 'node' }), { silent: true })`,
    )
    const { stderr } = await run(project)
    expect(project.takeStarts()).toEqual(SLOWEST_FIRST)
    expect(stderr).not.toContain('heddle:')
  })

  test('keeps what --json prints clean', async () => {
    const project = warmProject(host)
    const { stdout, stderr } = await run(project, ['-i', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ numPassedTests: 6 })
    expect(stderr).not.toContain('heddle:')
    expect(project.records()).toHaveLength(2)
  })

  test('orders and records all projects, given as objects or as paths', async () => {
    const project = Project.create('jest', host)
    project.write(
      'jest.config.js',
      `const { withHeddle } = require('@heddle/jest')
       const one = { displayName: 'one', rootDir: '<rootDir>/one' }
       module.exports = withHeddle({ projects: [one, '<rootDir>/two'] }, { history: { runs: 7 } })`,
    )
    project.write('two/jest.config.js', `module.exports = { displayName: 'two' }`)
    addFiles(project, 'one', { slow: 600, fast: 20 })
    addFiles(project, 'two', { middle: 300 })
    project.writeHistory({ 'one/slow.test.js\tone': 700, 'one/fast.test.js\tone': 120, 'two/middle.test.js\ttwo': 400 })

    await run(project)

    expect(project.takeStarts()).toEqual(['slow', 'middle', 'fast'].map(fileOf))
    expect(project.lastRecord().keys).toEqual([
      'one/fast.test.js\tone',
      'one/slow.test.js\tone',
      'two/middle.test.js\ttwo',
    ])
    expect(project.lastRecord().outcomes).toEqual(['passed', 'passed', 'passed'])
  })

  test('keeps one history for a monorepo whose packages run at once', async () => {
    const project = Project.create(host.name, host)
    project.write('package.json', '{"private":true,"workspaces":["packages/*"]}')
    for (const name of ['one', 'two']) {
      project.write(`packages/${name}/package.json`, '{}')
      project.write(`packages/${name}/jest.config.js`, project.read('jest.config.js'))
      project.write(`packages/${name}/${name}.test.js`, sleeper(host, name, 200).replace('../test', '../../test'))
    }

    const runs = await Promise.all(['one', 'two'].map((name) => project.run(['-i'], { cwd: `packages/${name}` })))

    expect(runs.map(({ code }) => code)).toEqual([0, 0])
    expect(project.storedRuns().map(({ keys, header }) => [header.root, ...keys])).toEqual(
      expect.arrayContaining([
        ['packages/one', 'packages/one/one.test.js'],
        ['packages/two', 'packages/two/two.test.js'],
      ]),
    )
  })

  test('does not learn from part of a file', async () => {
    const project = warmProject(host)
    await run(project, ['-i', '-t', 'takes 40 ms'])
    expect(project.lastRecord().columns['partial']).toEqual([1, 1, 1, 1, 1, 1])
  })

  test('records what had finished before --bail, and starts failed files first', async () => {
    const project = warmProject(host)
    project.write('test/e.test.js', `test('fails', () => { throw new Error('no') })`)
    expect((await project.run(['-i', '--bail'])).code).toBe(1)
    const { keys, outcomes } = project.lastRecord()
    expect(Object.fromEntries(keys.map((key, i) => [key, outcomes[i]]))).toMatchObject({
      'test/b.test.js': 'passed',
      'test/e.test.js': 'failed',
      'test/c.test.js': 'not-run',
    })
    project.write('test/e.test.js', sleeper(host, 'e', 380))
    project.takeEvents()
    const { stderr } = await run(project, ['-i', '--onlyFailures'])
    expect(project.takeStarts(), stderr).toEqual([fileOf('e')])
  })

  test('records a crashed file as crashed, and the others as they are', async () => {
    const project = warmProject(host)
    project.write('test/e.test.js', `test('dies', () => { process.kill(process.pid, 'SIGKILL') })`)
    expect((await project.run(['--maxWorkers=2'])).code).toBe(1)
    const { keys, outcomes } = project.lastRecord()
    expect(outcomes[keys.indexOf('test/e.test.js')]).toBe('crashed')
    expect(outcomes.filter((outcome) => outcome === 'passed')).toHaveLength(5)
  })

  test('skips a corrupt history with one warning and still passes', async () => {
    const project = warmProject(host)
    project.write('.heddle/history/20200101T000000000Z-broken.jsonl', '{"format":"heddle-history","vers')
    const { stderr } = await run(project)
    expect(stderr.match(/Skipped history file ".*broken\.jsonl"/g)).toHaveLength(1)
    expect(project.takeStarts()).toEqual(SLOWEST_FIRST)
  })

  test('passes when the history cannot be written, with one warning', async () => {
    const project = Project.create('jest', host)
    project.write('.heddle', 'a file where the directory should be')
    const { stderr } = await run(project)
    expect(stderr.match(/HEDDLE_HISTORY_UNWRITABLE/g)).toHaveLength(1)
  })

  test('splits shards that are disjoint, complete and balanced, and says how to do better', async () => {
    const project = warmProject(host)
    const shards = await runShards(project, 3)
    expect(shards.flat().sort()).toEqual([...SLOWEST_FIRST].sort())
    expect(shards.map((files) => files.length)).toEqual([2, 2, 2])
    const { stderr } = await run(project, ['-i', '--shard=1/3'])
    expect(stderr).toContain('heddle history snapshot')
  })

  test('balances shards by a committed snapshot, and proves that nothing was lost', async () => {
    const project = warmProject(host)
    await project.heddle(['history', 'snapshot'])
    const shards = await runShards(project, 2)
    const withSlowest = shards.find((files) => files.includes(fileOf('b')))
    expect(withSlowest).not.toContain(fileOf('d'))
    expect(shards.flat().sort()).toEqual([...SLOWEST_FIRST].sort())
    const verified = await project.heddle(['plan', 'verify', '.heddle/history'])
    expect(verified.code, verified.stdout + verified.stderr).toBe(0)
  })

  test('refuses a shard plan that does not cover the files, without running any', async () => {
    const project = warmProject(host)
    const plan = await project.heddle(['plan', '--shards', '2'])
    expect(plan.code, plan.stderr).toBe(0)
    project.write('plan.json', plan.stdout)
    const env = { HEDDLE_SHARD_PLAN: 'plan.json' }
    expect((await project.run(['-i', '--shard=1/2'], { env })).code).toBe(0)
    project.takeEvents()

    project.write('test/g.test.js', `test('is new', () => {})`)
    const refused = await project.run(['-i', '--shard=1/2'], { env })

    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('HEDDLE_PLAN_MISMATCH')
    expect(refused.stderr).toContain('1 found, not planned (test/g.test.js)')
    expect(project.takeStarts()).toEqual([])
  })

  test('names every wrong option at once', async () => {
    const project = Project.create('jest', host)
    project.write('heddle.config.ts', `export default { silnet: true, history: { runs: 0 } }`)
    const { code, stderr } = await project.run(['-i'])
    expect(code).toBe(1)
    expect(stderr).toContain('did you mean "silent"?')
    expect(stderr).toContain('"history.runs" must be a whole number from 1 to 1000')
  })

  test('leaves snapshots and coverage as Jest makes them', async () => {
    const project = warmProject(host)
    project.write('test/c.test.js', `test('has a snapshot', () => expect({ a: 1 }).toMatchSnapshot())`)
    const { stderr, stdout } = await run(project, ['--maxWorkers=2', '--ci=false', '--coverage'])
    expect(stderr).toContain('1 snapshot written')
    expect(stdout).toContain('sleep.js')
    project.write('test/c.test.js', `test('has none', () => {})`)
    // Jest itself exits with 1 then.
    expect((await project.run(['--maxWorkers=2'])).stderr).toContain('1 snapshot obsolete')
  })

  test('reorders reruns in watch mode', async () => {
    const project = warmProject(host)
    const watching = project.watch(['-i', '--watchAll'])
    await watching.until(/heddle: 6 files/)
    expect(project.takeStarts()).toEqual(SLOWEST_FIRST)
    project.write('test/sleep.js', `${project.read('test/sleep.js')}\n// changed\n`)
    await watching.until(/heddle: 6 files/)
    expect(project.takeStarts()).toEqual(SLOWEST_FIRST)
    expect(project.records()).toHaveLength(3)
  })
})

async function run(project: Project, args: readonly string[] = ['-i']): Promise<HostRun> {
  const result = await project.run(args)
  expect(result.code, result.stdout + result.stderr).toBe(0)
  return result
}

async function runShards(project: Project, count: number): Promise<string[][]> {
  const shards: string[][] = []
  for (let index = 1; index <= count; index++) {
    await run(project, ['-i', `--shard=${index}/${count}`])
    shards.push(project.takeStarts())
  }
  return shards
}

function addFiles(project: Project, dir: string, files: Readonly<Record<string, number>>): void {
  for (const [file, ms] of Object.entries(files))
    project.write(`${dir}/${file}.test.js`, sleeper(project.host, file, ms))
}
