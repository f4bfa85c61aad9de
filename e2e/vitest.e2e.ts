import { describe, expect, test } from 'vitest'
import { VITEST_HOSTS, type Host } from './lib/hosts.js'
import { Project } from './lib/project.js'
import { fileOf, sleeper, SLOWEST_FIRST, warmProject } from './lib/sleepers.js'

/** One worker makes the observed order of starts exact. */
const ONE_WORKER = ['run', '--maxWorkers=1', '--minWorkers=1']
const LINE = /^heddle: \d+ files? on \d+ workers? in .+× the lower bound/m

describe.each(VITEST_HOSTS)('Vitest $version', (host) => {
  test('starts the slowest files first in the second run', async () => {
    const project = Project.create('vitest', host)
    const cold = await run(project)
    expect(cold.stderr).toMatch(LINE)
    expect(project.records()).toHaveLength(1)
    project.takeEvents()
    const planned = project.slowestFirst()

    await run(project)

    expect(project.takeStarts().map((name) => `test/${name}`)).toEqual(planned)
    expect(project.records()).toHaveLength(2)
  })

  test('runs files side by side in the planned order', async () => {
    const project = warmProject(host)
    await run(project, ['run', '--maxWorkers=2', ...(isThree(host) ? ['--minWorkers=2'] : [])])
    const starts = project.takeStarts()
    // Two workers start at once, so neighbours may swap; the slowest two come before all others.
    expect(starts.slice(0, 2).sort()).toEqual(SLOWEST_FIRST.slice(0, 2).sort())
    expect(SLOWEST_FIRST.indexOf(starts.at(-1) ?? '')).toBeGreaterThanOrEqual(4)
  })

  test('records and orders whatever reporters are asked for', async () => {
    const project = Project.create('vitest', host)
    await run(project, [...ONE_WORKER, '--reporter=dot'])
    project.takeEvents()
    const planned = project.slowestFirst()
    const json = await run(project, [...ONE_WORKER, '--reporter=json', '--outputFile=report.json'])
    expect(project.takeStarts().map((name) => `test/${name}`)).toEqual(planned)
    expect(JSON.parse(project.read('report.json'))).toMatchObject({ numPassedTests: 6 })
    expect(json.stdout + json.stderr).not.toContain('heddle:')
    expect(project.records()).toHaveLength(2)
  })

  test('keeps the output of vitest list clean and records nothing', async () => {
    const project = warmProject(host)
    const list = await project.run(['list', '--filesOnly'])
    expect(list.stdout.trim().split('\n').sort()).toEqual(SLOWEST_FIRST.map((name) => `test/${name}`).sort())
    expect(list.stderr).not.toContain('heddle:')
    const tests = await project.run(['list', '--json'])
    expect(JSON.parse(tests.stdout)).toHaveLength(6)
    expect(project.records()).toHaveLength(1)
  })

  test('does not take merged reports for a run', async () => {
    const project = warmProject(host)
    await run(project, [...ONE_WORKER, '--reporter=blob'])
    expect(project.records()).toHaveLength(2)
    const merged = await run(project, ['--merge-reports'])
    expect(merged.stdout).toContain('6 passed')
    expect(project.records()).toHaveLength(2)
  })

  test('works in directory projects, which do not see the root plugin', async () => {
    const project = Project.create('vitest', host)
    project.write('vitest.config.mts', withProjects(`['./one', './two']`))
    addProject(project, 'one', { slow: 600, fast: 20 }, `export default { test: { name: 'one' } }`)
    addProject(project, 'two', { middle: 300 }, `export default { test: { name: 'two' } }`)
    await run(project, [...ONE_WORKER, '--reporter=dot'])
    project.takeEvents()

    await run(project, [...ONE_WORKER, '--reporter=dot'])

    expect(project.takeStarts()).toEqual(['slow', 'middle', 'fast'].map(fileOf))
    expect(project.lastRecord().keys).toEqual([
      'one/fast.test.js\tone',
      'one/slow.test.js\tone',
      'two/middle.test.js\ttwo',
    ])
  })

  test('works in inline projects', async () => {
    const project = Project.create('vitest', host)
    const inline = (name: string): string => `{ test: { name: '${name}', root: './${name}' } }`
    project.write('vitest.config.mts', withProjects(`[${inline('one')}, ${inline('two')}]`))
    addProject(project, 'one', { slow: 600, fast: 20 })
    addProject(project, 'two', { middle: 300 })
    await run(project)
    project.takeEvents()
    await run(project)
    expect(project.takeStarts()).toEqual(['slow', 'middle', 'fast'].map(fileOf))
  })

  test('keeps one history for a monorepo whose packages run at once', async () => {
    const project = Project.create(host.name, host)
    project.write('package.json', '{"private":true,"workspaces":["packages/*"]}')
    for (const name of ['one', 'two']) {
      project.write(`packages/${name}/package.json`, '{}')
      project.write(`packages/${name}/vitest.config.mts`, project.read('vitest.config.mts'))
      project.write(`packages/${name}/${name}.test.js`, sleeper(host, name, 200).replace('../test', '../../test'))
    }

    const runs = await Promise.all(['one', 'two'].map((name) => project.run(['run'], { cwd: `packages/${name}` })))

    expect(runs.map(({ code }) => code)).toEqual([0, 0])
    expect(project.storedRuns().map(({ keys, header }) => [header.root, ...keys])).toEqual(
      expect.arrayContaining([
        ['packages/one', 'packages/one/one.test.js'],
        ['packages/two', 'packages/two/two.test.js'],
      ]),
    )
  })

  test('keeps a batch of non-isolated files together', async () => {
    const project = Project.create('vitest', host)
    const shared = `isolate: false, pool: 'forks', poolOptions: { forks: { isolate: false } }`
    const inline = (name: string): string => `{ test: { name: '${name}', root: './${name}', ${shared} } }`
    project.write('vitest.config.mts', withProjects(`[${inline('one')}, ${inline('two')}]`))
    addProject(project, 'one', { slow: 600, fast: 20 })
    addProject(project, 'two', { middle: 300 })
    await run(project)
    project.takeEvents()
    await run(project)
    expect(project.takeStarts()).toEqual(['slow', 'fast', 'middle'].map(fileOf))
  })

  test('leaves the order to a sequencer of the user, and says so', async () => {
    const project = warmProject(host)
    project.write(
      'vitest.config.mts',
      `import { BaseSequencer } from 'vitest/node'
       import heddle from '@heddle/vitest'
       class Alphabetical extends BaseSequencer {
         async sort(files) { return [...files].sort((a, b) => (a.moduleId < b.moduleId ? -1 : 1)) }
       }
       export default { plugins: [heddle()], test: { sequence: { sequencer: Alphabetical } } }`,
    )
    const { stderr } = await run(project)
    expect(project.takeStarts()).toEqual(['a', 'b', 'c', 'd', 'e', 'f'].map(fileOf))
    expect(stderr).toContain('Alphabetical keeps its say over order and shards; heddle only records')
    expect(project.records()).toHaveLength(2)
  })

  test('shuffles when asked to on the command line', async () => {
    const project = warmProject(host)
    const { stderr } = await run(project, [...ONE_WORKER, '--sequence.shuffle.files', '--sequence.seed=1'])
    expect(stderr).toMatch(/heddle: (?:--sequence\.shuffle|RandomSequencer) keeps its say/)
    const first = project.takeStarts()
    await run(project, [...ONE_WORKER, '--sequence.shuffle.files', '--sequence.seed=1'])
    expect(project.takeStarts()).toEqual(first)
    expect(first).not.toEqual(SLOWEST_FIRST)
  })

  test('does not learn from part of a file', async () => {
    const project = warmProject(host)
    await run(project, [...ONE_WORKER, '-t', 'takes 40 ms'])
    expect(project.lastRecord().columns['partial']).toEqual([1, 1, 1, 1, 1, 1])
    project.write('test/c.test.js', `${project.read('test/c.test.js')}\ntest.only('only this', () => {})\n`)
    project.takeEvents()
    await run(project)
    expect(project.lastRecord().columns['partial']).toEqual([0, 0, 1, 0, 0, 0])
    expect(project.takeStarts()).toEqual(SLOWEST_FIRST.slice(0, 5))
  })

  test('records what had finished before --bail, and starts failed files first', async () => {
    const project = warmProject(host)
    project.write('test/e.test.js', `import { test } from 'vitest'\ntest('fails', () => { throw new Error('no') })\n`)
    const { code } = await project.run([...one(host), '--bail=1'])
    expect(code).toBe(1)
    const { keys, outcomes } = project.lastRecord()
    expect(Object.fromEntries(keys.map((key, i) => [key, outcomes[i]]))).toMatchObject({
      'test/b.test.js': 'passed',
      'test/e.test.js': 'failed',
      'test/c.test.js': 'not-run',
    })
    project.write('test/e.test.js', sleeper(host, 'e', 380))
    project.takeEvents()
    await run(project)
    expect(project.takeStarts()[0]).toBe(fileOf('e'))
  })

  test('skips a corrupt history with one warning and still passes', async () => {
    const project = warmProject(host)
    project.write('.heddle/history/20200101T000000000Z-broken.jsonl', '{"format":"heddle-history","vers')
    const { stderr } = await run(project)
    expect(stderr.match(/Skipped history file ".*broken\.jsonl"/g)).toHaveLength(1)
    expect(project.takeStarts()).toEqual(SLOWEST_FIRST)
  })

  test('passes when the history cannot be written, with one warning', async () => {
    const project = Project.create('vitest', host)
    project.write('.heddle', 'a file where the directory should be')
    const { stderr } = await run(project)
    expect(stderr.match(/HEDDLE_HISTORY_UNWRITABLE/g)).toHaveLength(1)
  })

  test('splits shards that are disjoint, complete and balanced, and says how to do better', async () => {
    const project = warmProject(host)
    const shards = await runShards(project, 3)
    expect(shards.flat().sort()).toEqual([...SLOWEST_FIRST].sort())
    expect(shards.map((files) => files.length)).toEqual([2, 2, 2])
    const { stderr } = await run(project, [...ONE_WORKER, '--shard=1/3'])
    expect(stderr).toContain('heddle history snapshot')
  })

  test('balances shards by a committed snapshot, and proves that nothing was lost', async () => {
    const project = warmProject(host)
    await project.heddle(['history', 'snapshot'])
    const shards = await runShards(project, 2)
    // The slowest two together would be far more than half.
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
    expect((await project.run([...one(host), '--shard=1/2'], { env })).code).toBe(0)
    project.takeEvents()

    project.write('test/g.test.js', `import { test } from 'vitest'\ntest('is new', () => {})\n`)
    const refused = await project.run([...one(host), '--shard=1/2'], { env })

    expect(refused.code).toBe(1)
    expect(refused.stdout + refused.stderr).toContain('HEDDLE_PLAN_MISMATCH')
    expect(refused.stdout + refused.stderr).toContain('1 found, not planned (test/g.test.js)')
    expect(project.takeStarts()).toEqual([])
  })

  test('names every wrong option at once', async () => {
    const project = Project.create('vitest', host)
    project.write('heddle.config.ts', `export default { silnet: true, history: { runs: 0 } }`)
    const { code, stdout, stderr } = await project.run(one(host))
    expect(code).toBe(1)
    expect(stdout + stderr).toContain('did you mean "silent"?')
    expect(stdout + stderr).toContain('"history.runs" must be a whole number from 1 to 1000')
  })

  test('is silent when told so in heddle.config', async () => {
    const project = warmProject(host)
    project.write('heddle.config.json', '{ "silent": true, "order": "host" }')
    const { stderr } = await run(project)
    expect(stderr).not.toContain('heddle:')
    expect(project.records()).toHaveLength(2)
  })

  test('reorders reruns in watch mode', async () => {
    const project = warmProject(host)
    const watching = project.watch(['--watch', '--maxWorkers=1', ...(isThree(host) ? ['--minWorkers=1'] : [])])
    await watching.until(/Waiting for file changes/)
    expect(project.takeStarts()).toEqual(SLOWEST_FIRST)
    project.write('test/sleep.js', `${project.read('test/sleep.js')}\n// changed\n`)
    await watching.until(
      /heddle: 6 files[\s\S]*Waiting for file changes|Waiting for file changes[\s\S]*heddle: 6 files/,
    )
    expect(project.takeStarts()).toEqual(SLOWEST_FIRST)
    expect(project.records()).toHaveLength(3)
  })
})

describe.each(VITEST_HOSTS.filter((host) => !isThree(host)))(
  'Vitest $version, whose pool survives a dead worker',
  (host) => {
    test('records a crashed file as crashed', async () => {
      const project = warmProject(host)
      project.write('test/e.test.js', `process.kill(process.pid, 'SIGKILL')\nawait new Promise(() => {})\n`)
      expect((await project.run(one(host))).code).toBe(1)
      const { keys, outcomes } = project.lastRecord()
      expect(outcomes[keys.indexOf('test/e.test.js')]).toBe('crashed')
      expect(outcomes.filter((outcome) => outcome === 'passed')).toHaveLength(5)
    })
  },
)

async function run(project: Project, args: readonly string[] = ONE_WORKER): ReturnType<Project['run']> {
  const result = await project.run(isThree(project.host) ? args : args.filter((arg) => !arg.startsWith('--minWorkers')))
  expect(result.code, result.stdout + result.stderr).toBe(0)
  return result
}

async function runShards(project: Project, count: number): Promise<string[][]> {
  const shards: string[][] = []
  for (let index = 1; index <= count; index++) {
    await run(project, [...ONE_WORKER, `--shard=${index}/${count}`])
    shards.push(project.takeStarts())
  }
  return shards
}

function addProject(project: Project, name: string, files: Readonly<Record<string, number>>, config?: string): void {
  if (config !== undefined) project.write(`${name}/vitest.config.mjs`, config)
  for (const [file, ms] of Object.entries(files)) {
    project.write(`${name}/${file}.test.js`, sleeper(project.host, file, ms))
  }
}

function withProjects(projects: string): string {
  return `import heddle from '@heddle/vitest'\nexport default { plugins: [heddle()], test: { projects: ${projects} } }\n`
}

/** Vitest 3 needs both, 5 knows only one. */
function one(host: Host): readonly string[] {
  return isThree(host) ? ONE_WORKER : ONE_WORKER.slice(0, 2)
}

function isThree(host: Host): boolean {
  return host.version.startsWith('3.')
}
