import { setTimeout } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  DATABASE_HOSTS,
  databaseProject,
  emptyProject,
  MAIN_HOSTS,
  ownEnv,
  passTests,
  runTests,
  testImports,
} from './lib/database-project.js'
import { POSTGRES, POSTGRES_URL } from './lib/engines.js'
import type { Host } from './lib/hosts.js'
import { databasesLike, onServer } from './lib/on-server.js'
import type { HostRun, Project } from './lib/project.js'

/** A project with one test file, which has a pool to the database of its worker. */
function projectWith(host: Host, tests: string, options = ''): Project {
  const project = databaseProject(host, POSTGRES, { files: 0, options })
  project.write('test/one.test.js', testFile(host, tests))
  return project
}

function testFile(host: Host, tests: string): string {
  return `${testImports(host, { pg: 'pg' })}
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
afterAll(() => pool.end())
const names = async () => (await pool.query('select item from orders order by id')).rows.map(({ item }) => item)
const insert = (item) => pool.query('insert into orders (item) values ($1)', [item])
${tests}`
}

/** What the host and heddle said. */
const said = ({ stdout, stderr }: HostRun): string => stdout + stderr

describe.each(DATABASE_HOSTS)('$name $version', (host) => {
  test('a transaction that a test leaves open fails that test, and no other', async () => {
    const project = projectWith(
      host,
      `test('forgets to commit', async () => {
         const client = await pool.connect()
         await client.query('begin')
         await client.query("insert into orders (item) values ('forgotten')")
         client.on('error', () => undefined)
         client.release()
       })
       test('finds nothing', async () => { expect(await names()).toEqual([]) })`,
    )
    const run = await runTests(project, 1)
    expect(run.code).toBe(1)
    expect(said(run)).toMatch(/HEDDLE_RESOURCE_LEFT_OPEN[^]*insert into orders/)
    expect(said(run)).toMatch(/Tests:?\s+1 failed[ |,]+1 passed/)
  })

  test('concurrent tests have a database each with clone, and are refused with reset', async () => {
    const project = projectWith(
      host,
      `const main = resource('main', { perTest: 'clone' })
       test.concurrent.each([1, 2, 3, 4])('sells %d', async (n) => {
         const { url, rows } = main()
         const client = new pg.Client({ connectionString: url })
         await client.connect()
         await client.query('insert into orders (item) values ($1)', ['pen ' + n])
         await new Promise((resolve) => setTimeout(resolve, 100))
         const { rows: own } = await client.query('select * from orders')
         expect(own).toEqual([{ id: 1, item: 'pen ' + n }])
         await client.end()
       })`,
    )
    await passTests(project, 1, 4)
    project.write(
      'test/one.test.js',
      testFile(
        host,
        `test.concurrent.each([1, 2])('waits %d', async () => { await new Promise((resolve) => setTimeout(resolve, 300)) })`,
      ),
    )
    const run = await runTests(project, 1)
    expect(run.code).toBe(1)
    expect(said(run)).toMatch(/HEDDLE_RESOURCE_INVALID[^]*clone/)
  })

  test('a test that changes the schema costs a new database, and a line that says so', async () => {
    const project = projectWith(
      host,
      `test('adds a column', async () => {
         pool.on('error', () => undefined)
         await pool.query('alter table orders add column colour text')
       })
       test('does not find it', async () => {
         const { fields } = await pool.query('select * from orders')
         expect(fields.map(({ name }) => name)).toEqual(['id', 'item'])
       })`,
    )
    expect(said(await passTests(project, 1, 2))).toMatch(/adds a column/)
  })

  test('rows that were written before the first test are gone, and a line says why', async () => {
    const project = projectWith(
      host,
      `beforeAll(() => insert('early'))
       test('finds nothing', async () => { expect(await names()).toEqual([]) })`,
    )
    expect(said(await passTests(project, 1, 1))).toMatch(/orders[^]*beforeAll|beforeAll[^]*orders/)
  })

  test('the database of a failed test is kept as a copy', async () => {
    const project = projectWith(
      host,
      `test('fails', async () => {
         await insert('evidence')
         expect(1).toBe(2)
       })`,
      'keepFailed: true',
    )
    const run = await runTests(project, 1)
    expect(run.code).toBe(1)
    const url = /Kept: .*?(postgres\S*?:\/\/\S+)/.exec(said(run))?.[1] ?? ''
    expect(url, said(run)).not.toBe('')
    expect(await onServer('select item from orders', url)).toEqual([{ item: 'evidence' }])
    expect((await project.heddle(['db', 'clean', '--all', '--yes'], { env: ownEnv(project) })).code).toBe(0)
    expect(await databasesLike(new URL(url).pathname.slice(1))).toEqual([])
  })
})

describe.each(MAIN_HOSTS)('$name $version', (host) => {
  test('two packages that run at once share one template, migrated once', async () => {
    const marker = `t${Date.now()}`
    const projects = [1, 2].map(() => {
      const project = databaseProject(host, POSTGRES, { files: 4 })
      project.write('migrations/3-marker.sql', `create table ${marker} ();`)
      project.write('heddle.config.mjs', loggingConfig())
      return project
    })
    const [first] = projects
    const env = { LOG: `${first?.dir}/migrated.txt` }
    const runs = await Promise.all(projects.map((project) => runTests(project, 2, env)))
    expect(
      runs.map(({ code }) => code),
      runs.map(said).join('\n'),
    ).toEqual([0, 0])
    expect(first?.read('migrated.txt')).toBe('migrated\n')
  })

  test('a changed migration is seen, a failed one is told with its place, and mended it works', async () => {
    const project = projectWith(host, `test('counts', async () => { expect(await names()).toEqual([]) })`)
    await passTests(project, 1, 1)
    project.write('migrations/3-wrong.sql', 'create table fine (id int);\ncreate tabel wrong (id int);\n')
    const wrong = await runTests(project, 1)
    expect(wrong.code).toBe(1)
    expect(said(wrong)).toMatch(/HEDDLE_MIGRATION_FAILED[^]*3-wrong\.sql[^]*tabel/)
    project.write('migrations/3-wrong.sql', 'create table colours (name text);\n')
    project.write(
      'test/one.test.js',
      testFile(
        host,
        `test('finds it', async () => { expect((await pool.query('select * from colours')).rows).toEqual([]) })`,
      ),
    )
    await passTests(project, 1, 1)
  })

  test('a run that is killed leaves nothing once the next one has run, and nothing else is touched', async () => {
    const lookAlike = 'hdl_abcdef_w1'
    await onServer(`drop database if exists ${lookAlike}`)
    await onServer(`create database ${lookAlike}`)
    onTestFinished(async () => void (await onServer(`drop database if exists ${lookAlike}`)))
    const project = databaseProject(host, POSTGRES, { files: 8 })
    for (const ms of [300, 700, 1200, 2000, 3000]) {
      const running = project.start(runArgs(host), { ...ownEnv(project) })
      await setTimeout(ms)
      running.kill()
    }
    await passTests(project, 2, 24)
    const { stdout } = await project.heddle(['db', 'status', '--json'], { env: ownEnv(project) })
    const rows = JSON.parse(stdout) as { resource: string | null; kind: string; state: string }[]
    const own = rows.filter(({ resource }) => resource !== null)
    expect(own.filter(({ kind, state }) => state === 'dead' || ['worker', 'test'].includes(kind))).toEqual([])
    expect(await databasesLike(lookAlike)).toEqual([lookAlike])
  })

  test('servers of others are refused before anything is done', async () => {
    const project = emptyProject(host)
    project.write('test/one.test.js', `${testImports(host)}test('never runs', () => undefined)\n`)
    for (const url of ['postgres://u:secret@db.example.com/app', 'postgres://u:secret@localhost/app_production']) {
      project.write(
        'heddle.config.mjs',
        `import { postgres } from '@heddle/db/postgres'\nexport default { resources: { main: postgres({ url: '${url}' }) } }\n`,
      )
      const run = await runTests(project, 1)
      expect(run.code).toBe(1)
      expect(said(run)).toMatch(/HEDDLE_RESOURCE_REFUSED/)
      expect(said(run)).not.toContain('secret')
    }
  })

  test('files that use no database neither wait for one nor fail without', async () => {
    const project = emptyProject(host)
    project.write(
      'heddle.config.mjs',
      `import { postgres } from '@heddle/db/postgres'
       export default { resources: { main: postgres({ url: 'postgres://localhost:9/x', files: 'test/db/**' }) } }`,
    )
    project.write('test/plain.test.js', `${testImports(host)}test('is fine', () => undefined)\n`)
    await passTests(project, 1, 1)
    project.write('test/db/one.test.js', `${testImports(host)}test('is not', () => undefined)\n`)
    const run = await runTests(project, 1)
    expect(run.code).toBe(1)
    expect(said(run)).toMatch(/HEDDLE_RESOURCE_FAILED[^]*localhost[^]*9/)
    expect(said(run)).toMatch(/Tests:?\s+(?:1 failed[ |,]+)?1 passed/)
  })
})

/** Migrates, and tells that it did. */
function loggingConfig(): string {
  return `import { appendFileSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { postgres } from '@heddle/db/postgres'
import pg from 'pg'
const run = async ({ url }) => {
  appendFileSync(process.env.LOG, 'migrated\\n')
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (const file of readdirSync('migrations').sort()) await client.query(readFileSync('migrations/' + file, 'utf8'))
  await client.end()
}
export default { resources: { main: postgres({ url: '${POSTGRES_URL}', migrations: { files: 'migrations/*.sql', run } }) } }
`.replace('globSync, ', '')
}

function runArgs({ name }: Host): string[] {
  return name === 'vitest' ? ['run', '--maxWorkers=2'] : ['--maxWorkers=2']
}
