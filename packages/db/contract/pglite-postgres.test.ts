import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { RESOURCE } from '@heddle/core'
import { Pool } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { surroundingsIn, temporaryDir } from '../fixtures/surroundings.js'
import type * as Postgres from '../src/postgres/index.js'

// PGlite runs in a child process, which is a file of the built package.
const { postgres } = createRequire(__filename)('../dist/postgres/index.js') as typeof Postgres

const SCHEMA = `
  create table plan (id int generated always as identity primary key, name text not null unique);
  create table account (id serial primary key, plan int not null references plan);`

test('a worker has a PGlite that is reached by URL, and clean for every test', { timeout: 120_000 }, async () => {
  const { dir, remove } = temporaryDir()
  onTestFinished(remove)
  mkdirSync(join(dir, 'migrations'))
  writeFileSync(join(dir, 'migrations', '1.sql'), SCHEMA)
  const definition = postgres({
    server: 'pglite',
    migrations: 'migrations/*.sql',
    seed: ({ client }) => client.query(`insert into plan (name) values ('free')`),
    keepFailed: false,
  })[RESOURCE]
  const context = { ...surroundingsIn(dir, dir), runId: 'run-1', slots: 2, signal: new AbortController().signal }
  const server = await definition.start?.(context as unknown as Parameters<NonNullable<typeof definition.start>>[0])
  onTestFinished(() => definition.stop?.(server) as Promise<void>)
  const request = { ...context, slot: 1, lifetime: 'worker', number: 1 }
  const instance = await definition.create(request as unknown as Parameters<typeof definition.create>[0], server)
  const pool = new Pool({ connectionString: definition.env?.(instance)['DATABASE_URL'] })
  pool.on('error', () => undefined)
  onTestFinished(() => pool.end())
  const reset = async () => definition.reset?.(instance, server)
  const end = async (name: string) => definition.afterTest?.(instance, { test: name, hasFailed: false }, server)

  await reset()
  for (const name of ['a', 'b']) {
    const { rows } = await pool.query('insert into plan (name) values ($1) returning id', [name])
    expect(rows).toEqual([{ id: 2 }])
    expect(await end(name)).toMatchObject({ left: [] })
    expect(await reset()).toMatchObject({
      cleaned: expect.arrayContaining([expect.stringContaining('plan')]) as string[],
    })
  }

  const client = await pool.connect()
  client.on('error', () => undefined)
  await client.query('begin')
  await client.query(`insert into plan (name) values ('lost')`)
  expect(await end('leaves')).toMatchObject({
    left: [expect.stringContaining(`insert into plan (name) values ('lost')`)],
  })
  client.release(true)
  await reset()

  await pool.query('drop table account')
  await end('drops')
  expect(await reset()).toMatchObject({ notice: expect.stringContaining('"drops" changed the schema') as string })
  expect((await pool.query('select count(*)::int as count from account')).rows).toEqual([{ count: 0 }])
})
