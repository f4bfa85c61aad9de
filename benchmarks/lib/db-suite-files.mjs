import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MIGRATIONS, TRUNCATE_SQL, writeMigrations } from './db-schema.mjs'

const TEST = `
  const client = await pool.connect()
  await client.query('begin')
  for (let i = 0; i < 10; i++) {
    const { rows } = await client.query('insert into t30 (name) values ($1) returning id', ['row ' + i])
    expect(rows[0].id).toBe(i + 1)
  }
  await client.query('commit')
  client.release()
  for (let i = 0; i < 5; i++) await pool.query('select count(*) from t' + (30 + i))
`

/** Code as people have it: a pool on DATABASE_URL, and tests that expect to find the database clean. */
function testFile(tests) {
  const all = Array.from({ length: tests }, (_, i) => `test('test ${i}', async () => {${TEST}})\n`)
  return `import { Pool } from 'pg'
import { afterAll, expect, test } from 'vitest'
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 3 })
afterAll(() => pool.end())
${all.join('')}`
}

/** What people do without heddle: one database, migrated once, emptied before each test. */
function bySerialTruncate(isolate) {
  return {
    'vitest.config.mjs': `export default { test: {
  isolate: ${isolate}, fileParallelism: false, globalSetup: './global-setup.mjs', setupFiles: './setup.mjs'
} }\n`,
    'global-setup.mjs': `import { Client } from 'pg'
const url = new URL(process.env.SERVER_URL)
export async function setup() {
  await withClient(url.href, async (client) => {
    await client.query('drop database if exists hdlbench_suite with (force)')
    await client.query('create database hdlbench_suite')
  })
  url.pathname = '/hdlbench_suite'
  process.env.DATABASE_URL = url.href
  await withClient(url.href, async (client) => {
    for (const sql of ${JSON.stringify(MIGRATIONS)}) await client.query(sql)
  })
}
export async function teardown() {
  await withClient(process.env.SERVER_URL, (client) => client.query('drop database hdlbench_suite with (force)'))
}
async function withClient(connectionString, use) {
  const client = new Client({ connectionString })
  await client.connect()
  await use(client)
  await client.end()
}\n`,
    'setup.mjs': `import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach } from 'vitest'
const client = new Client({ connectionString: process.env.DATABASE_URL })
beforeAll(() => client.connect())
beforeEach(() => client.query(${JSON.stringify(TRUNCATE_SQL)}))
afterAll(() => client.end())\n`,
  }
}

function byHeddle(isolate) {
  return {
    'vitest.config.mjs': `import heddle from '@heddle/vitest'
export default { plugins: [heddle()], test: { isolate: ${isolate}, maxWorkers: 2 } }\n`,
    'heddle.config.mjs': `import { postgres } from '@heddle/db/postgres'
export default { resources: { main: postgres({ url: process.env.SERVER_URL, migrations: 'migrations/*.sql' }) } }\n`,
  }
}

/** One suite in each way. */
export const WAYS = [
  { name: 'serial, truncate and seed', isHeddle: false, config: bySerialTruncate },
  { name: 'heddle, 2 workers', isHeddle: true, config: byHeddle },
]

/** @returns where it is */
export function createDbSuite(directory, { name, config }, { isolate, files, tests }) {
  const suite = join(directory, `${name.replaceAll(/[ ,]+/g, '-')}-${isolate ? 'isolate' : 'no-isolate'}`)
  mkdirSync(join(suite, 'test'), { recursive: true })
  writeFileSync(join(suite, 'package.json'), '{ "name": "suite", "private": true, "type": "module" }')
  writeMigrations(suite)
  for (const [file, text] of Object.entries(config(isolate))) writeFileSync(join(suite, file), text)
  for (let i = 0; i < files; i++) writeFileSync(join(suite, 'test', `${i}.test.mjs`), testFile(tests))
  return suite
}
