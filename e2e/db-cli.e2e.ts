import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { databaseProject, MAIN_HOSTS, ownEnv, passTests, runTests, testImports } from './lib/database-project.js'
import { EMBEDDED, POSTGRES, type Engine } from './lib/engines.js'
import type { Host } from './lib/hosts.js'
import { databasesLike, onServer } from './lib/on-server.js'
import type { HostRun, Project } from './lib/project.js'

const HOST = newestVitest()

/** What `heddle db status --json` tells. */
interface Row {
  readonly resource: string | null
  readonly kind: string
  readonly name: string
  readonly state: string
  readonly url?: string
}

/** Tells how often it was made. */
const COUNTING = "seed: async () => (await import('node:fs')).appendFileSync('seeded.txt', 'x')"

/** The command line is the same beside all hosts. */
function newestVitest(): Host {
  const host = MAIN_HOSTS.find(({ name }) => name === 'vitest')
  if (host === undefined) throw new Error('Cannot test: there is no Vitest')
  return host
}

/** Its template is its own. */
function projectOf(engine: Engine, files = 1): Project {
  const project = databaseProject(HOST, engine, { files, options: COUNTING })
  project.write('migrations/3-own.sql', `create table own_${randomBytes(6).toString('hex')} ()`)
  return project
}

/** A test that says where its database is, and waits until it is told to end. */
function writeWaitingTest(project: Project, options = ''): void {
  project.write(
    'test/waits.test.js',
    `import { existsSync, renameSync, writeFileSync } from 'node:fs'
${testImports(project.host)}
const main = resource('main'${options})
test('waits', async () => {
  writeFileSync('url.tmp', main().url)
  renameSync('url.tmp', 'url.txt')
  for (let i = 0; i < 2000 && !existsSync('go'); i++) await new Promise((resolve) => setTimeout(resolve, 20))
}, 60_000)
`,
  )
}

/** Runs the waiting test until that has been done. */
async function whileItWaits(project: Project, look: (url: string) => Promise<void>): Promise<HostRun> {
  const running = runTests(project, 1)
  try {
    await look(await urlOfWaiting(project))
  } finally {
    project.write('go', '')
    await running
  }
  return running
}

async function urlOfWaiting(project: Project): Promise<string> {
  await expect.poll(() => existsSync(join(project.dir, 'url.txt')), { timeout: 60_000 }).toBe(true)
  return project.read('url.txt')
}

async function heddle(project: Project, ...args: string[]): Promise<HostRun> {
  return project.heddle(args, { env: ownEnv(project) })
}

/** Of the project alone. */
async function rowsOf(project: Project): Promise<Row[]> {
  const { code, stdout, stderr } = await heddle(project, 'db', 'status', '--json')
  expect(code, stderr).toBe(0)
  return (JSON.parse(stdout) as Row[]).filter(({ resource }) => resource === 'main')
}

async function namesOf(project: Project, wanted: Partial<Row>): Promise<string[]> {
  const rows = await rowsOf(project)
  const isWanted = (row: Row): boolean =>
    Object.entries(wanted).every(([key, value]) => row[key as keyof Row] === value)
  return rows.filter(isWanted).map(({ name }) => name)
}

describe.each([
  { at: 'a server', engine: POSTGRES },
  { at: 'a server of heddle’s own', engine: EMBEDDED },
])('on $at', ({ engine }) => {
  test('`db status` shows the template in a table and as JSON, without passwords', async () => {
    const project = projectOf(engine)
    await passTests(project, 1, 3)
    const [name = ''] = await namesOf(project, { kind: 'template', state: 'free' })
    const { code, stdout } = await heddle(project, 'db', 'status')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^main, postgres\nKIND +STATE/m)
    expect(stdout).toMatch(new RegExp(`^template +free .* ${name} `, 'm'))
    const urls = (await rowsOf(project)).flatMap(({ url }) => url ?? [])
    expect(urls.filter((url) => !/:\*\*\*@|\/\/\w+@/.test(url))).toEqual([])
    expect(urls.length).toBeGreaterThan(0)
  })

  test('`db url --slot` prints what a worker uses while it runs', async () => {
    const project = projectOf(engine, 0)
    writeWaitingTest(project)
    const { code } = await whileItWaits(project, async (url) => {
      expect(await heddle(project, 'db', 'url', '--slot', '1')).toMatchObject({ code: 0, stdout: `${url}\n` })
      expect((await heddle(project, 'db', 'url', '--slot', '7')).code).toBe(2)
    })
    expect(code).toBe(0)
  })

  test('`db url --hold` keeps what it names within reach until Ctrl-C', async () => {
    const project = projectOf(engine, 0)
    const options = 'keepFailed: true'
    project.write('heddle.config.mjs', project.read('heddle.config.mjs').replace(COUNTING, `${COUNTING}, ${options}`))
    project.write(
      'test/fails.test.js',
      `${testImports(project.host)}const main = resource('main')
test('fails', async () => {
  await main().query("insert into orders (item) values ('evidence')")
  expect(1).toBe(2)
})`,
    )
    expect((await runTests(project, 1)).code).toBe(1)
    const [kept = ''] = await namesOf(project, { kind: 'kept' })
    const holding = project.startHeddle(['db', 'url', kept, '--hold'], ownEnv(project))
    const exit = once(holding, 'exit')
    const [line] = (await once(holding.stdout, 'data')) as [Buffer]
    const url = line.toString().trim()
    expect(new URL(url).pathname).toBe(`/${kept}`)
    expect(await onServer('select item from orders', url)).toEqual([{ item: 'evidence' }])
    holding.kill('SIGINT')
    expect(await exit).toEqual([130, null])
    if (engine === EMBEDDED) await expect(onServer('select 1', url)).rejects.toThrow('ECONNREFUSED')
  })

  test('`clean` removes what a killed run left, and nothing else', async () => {
    const project = projectOf(engine, 0)
    writeWaitingTest(project, ", { perTest: 'clone' }")
    const running = project.start(['run', '--maxWorkers=1'], ownEnv(project))
    const left = new URL(await urlOfWaiting(project)).pathname.slice(1)
    expect((await heddle(project, 'clean')).stdout).not.toContain(left)
    expect(await namesOf(project, { name: left })).toEqual([left])
    running.kill()
    await expect.poll(() => namesOf(project, { state: 'dead' }), { timeout: 30_000 }).toContain(left)
    const templates = await namesOf(project, { kind: 'template' })
    expect((await heddle(project, 'clean', '--dry-run')).stdout).toContain(`- main: ${left}\n`)
    expect(await namesOf(project, { name: left })).toEqual([left])
    const { code, stdout } = await heddle(project, 'clean')
    expect(code).toBe(0)
    expect(stdout).toContain(`- main: ${left}\n`)
    expect(await namesOf(project, { state: 'dead' })).toEqual([])
    expect(await namesOf(project, { kind: 'template' })).toEqual(templates)
  })

  test('`db template --rebuild` runs migrations and seed again', async () => {
    const project = projectOf(engine)
    await passTests(project, 1, 3)
    await passTests(project, 1, 3)
    expect(project.read('seeded.txt')).toBe('x')
    const [name = ''] = await namesOf(project, { kind: 'template' })
    const { code, stdout } = await heddle(project, 'db', 'template', '--rebuild')
    expect({ code, stdout }).toEqual({ code: 0, stdout: `main: made ${name} anew\n` })
    expect(project.read('seeded.txt')).toBe('xx')
    await passTests(project, 1, 3)
    expect(project.read('seeded.txt')).toBe('xx')
  })

  test('`clean --all` wants to be sure, and makes the next run begin anew', async () => {
    const project = projectOf(engine)
    await passTests(project, 1, 3)
    const [name = ''] = await namesOf(project, { kind: 'template' })
    const refused = await heddle(project, 'clean', '--all')
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('add --yes')])
    expect(await namesOf(project, { kind: 'template' })).toEqual([name])
    const { code, stdout } = await heddle(project, 'db', 'clean', '--all', '--yes')
    expect(code).toBe(0)
    expect(stdout).toContain(`- main: ${name}\n`)
    expect(await namesOf(project, { kind: 'template' })).toEqual([])
    await passTests(project, 1, 3)
    expect(project.read('seeded.txt')).toBe('xx')
  })
})

test('`clean --all` takes nothing of other projects, nor what only has such a name', async () => {
  const lookAlike = `hdl_${randomBytes(3).toString('hex')}_w1`
  await onServer(`create database ${lookAlike}`)
  onTestFinished(async () => void (await onServer(`drop database ${lookAlike}`)))
  const [own, other] = [projectOf(POSTGRES), projectOf(POSTGRES)]
  await passTests(own, 1, 3)
  await passTests(other, 1, 3)
  const kept = await namesOf(other, { state: 'free' })
  expect(kept).not.toEqual([])
  const { stdout } = await heddle(own, 'clean', '--all', '--yes')
  expect(stdout).toContain('hdl_tpl_')
  expect(kept.filter((name) => stdout.includes(name))).toEqual([])
  expect(await namesOf(other, { state: 'free' })).toEqual(kept)
  expect(await databasesLike(lookAlike)).toEqual([lookAlike])
})

test('a server that does not answer is told, with an exit code of its own', async () => {
  const project = databaseProject(HOST, POSTGRES, { files: 0 })
  const config = project.read('heddle.config.mjs').replace(/url: '[^']*'/, "url: 'postgres://u:secret@localhost:9/x'")
  project.write('heddle.config.mjs', config)
  for (const args of [['db', 'status'], ['clean'], ['db', 'template', '--rebuild']]) {
    const { code, stderr } = await heddle(project, ...args)
    expect([code, stderr]).toEqual([3, expect.stringMatching(/HEDDLE_RESOURCE_FAILED: [^]*localhost:9/)])
    expect(stderr).not.toContain('secret')
  }
})
