import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RESOURCE, type PerTest, type ResourceInWorker, type ResourceWorkerPart } from '@heddle/core'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { surroundingsIn, temporaryDir } from '../fixtures/surroundings.js'
import { pglite, type PgliteHandle, type PgliteOptions } from '../src/pglite/index.js'
import { open } from '../src/pglite/worker.js'

const SCHEMA = `
  create table plan (id int generated always as identity primary key, name text not null unique);
  create table account (id serial primary key, plan int not null references plan deferrable initially deferred);`
const { dir, remove } = temporaryDir()
afterAll(remove)
mkdirSync(join(dir, 'migrations'))
writeFileSync(join(dir, 'migrations', '1.sql'), SCHEMA)

let seeds = 0
const OPTIONS: PgliteOptions = {
  migrations: 'migrations/*.sql',
  seed: async ({ client }) => {
    seeds += 1
    await client.query('insert into plan (name) values ($1)', ['free'])
  },
}

test('is migrated and seeded once, however often it is opened', async () => {
  for (const attempt of [1, 2]) {
    const { rows } = await openPart('none')
    expect(await rows`select id, name from plan where id = ${1}`, String(attempt)).toEqual([{ id: 1, name: 'free' }])
  }
  expect(seeds).toBe(1)
  expect(readdirSync(join(dir, 'cache', 'pglite'))).toHaveLength(1)
})

test('a copy goes on counting where its seed has stopped', async () => {
  const { handle, rows } = await openPart('none')
  await handle().client.query(`insert into plan (name) values ('next')`)
  expect(await rows`select id from plan where name = 'next'`).toEqual([{ id: 2 }])
})

test('reset: every test finds what the first one found, ids as well', async () => {
  const { attempt, rows, handle } = await openPart('reset')
  for (const name of ['a', 'b']) {
    await attempt(name, async () => {
      await handle().client.query('insert into plan (name) values ($1)', [name])
      expect(await rows`select id, name from plan order by id`).toEqual([
        { id: 1, name: 'free' },
        { id: 2, name },
      ])
    })
  }
})

test('reset: a test that changes the schema is told, and the next one finds it as it was', async () => {
  const { attempt, rows, handle, lines } = await openPart('reset')
  await attempt('drops', async () => void (await handle().client.exec('drop table account')))
  await attempt('next', async () => expect(await rows`select from account`).toEqual([]))
  expect(lines).toEqual([expect.stringContaining('"drops" changed the schema')])
})

test('reset: a transaction that was left open fails its test, and is undone', async () => {
  const { attempt, rows, handle } = await openPart('reset')
  const left = await attempt('opens', async () => {
    await handle().client.exec(`begin; insert into plan (name) values ('lost')`)
  })
  expect(left).toEqual([expect.stringContaining('a transaction was left open')])
  await attempt('next', async () => expect(await rows`select name from plan`).toEqual([{ name: 'free' }]))
})

test('file: the tests of a file share it, and the next file finds it clean', async () => {
  const { attempt, rows, part } = await openPart('file')
  await attempt('first', async () => void (await rows`insert into plan (name) values ('a')`))
  await attempt('second', async () => expect(await rows`select count(*)::int as n from plan`).toEqual([{ n: 2 }]))
  await part.beforeFile?.()
  expect(await rows`select count(*)::int as n from plan`).toEqual([{ n: 1 }])
})

test('none: nothing is ever cleaned', async () => {
  const { attempt, rows, part } = await openPart('none')
  await attempt('first', async () => void (await rows`insert into plan (name) values ('a')`))
  await part.beforeFile?.()
  expect(await rows`select count(*)::int as n from plan`).toEqual([{ n: 2 }])
})

test('rollback: nothing of a test is left, whatever its code does with transactions', async () => {
  const { attempt, rows, handle } = await openPart('rollback')
  const count = async () => (await rows<{ n: number }>`select count(*)::int as n from plan`)[0]?.n
  await attempt('autocommit', async () => {
    await rows`insert into plan (name) values ('a')`
    await expect(rows`insert into plan (name) values ('a')`).rejects.toThrow('duplicate key')
    expect(await count()).toBe(2)
  })
  await attempt('commit', async () => {
    await handle().client.exec('begin')
    await rows`insert into plan (name) values ('a')`
    await handle().client.query('commit')
    expect(await count()).toBe(2)
  })
  await attempt('rollback', async () => {
    await handle().client.query('begin')
    await rows`insert into plan (name) values ('a')`
    await handle().client.query('rollback')
    expect(await count()).toBe(1)
  })
  await attempt('transaction()', async () => {
    const { client } = handle()
    await client.transaction((tx) => tx.query(`insert into plan (name) values ('a')`))
    const failing = client.transaction(async (tx) => {
      await tx.query(`insert into plan (name) values ('b')`)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await client.transaction(async (tx) => {
      await tx.query(`insert into plan (name) values ('c')`)
      await tx.rollback()
    })
    expect(await count()).toBe(2)
  })
  await attempt('last', async () => expect(await count()).toBe(1))
})

test('rollback: constraints that are checked at the end of a transaction are checked', async () => {
  const { attempt, handle } = await openPart('rollback')
  await attempt('deferred', async () => {
    const orphan = handle().client.transaction((tx) => tx.query('insert into account (plan) values (99)'))
    await expect(orphan).rejects.toThrow('foreign key')
  })
})

test('rollback: a transaction that was left open fails its test', async () => {
  const { attempt, handle } = await openPart('rollback')
  expect(await attempt('opens', async () => void (await handle().client.exec('begin')))).toEqual([
    expect.stringContaining('a transaction was left open'),
  ])
  expect(await attempt('next', async () => {})).toEqual([])
})

test('extensions are loaded from their packages', async () => {
  const { rows } = await openPart('none', {
    extensions: { pg_trgm: '@electric-sql/pglite/contrib/pg_trgm' },
    seed: async ({ client }) => void (await client.exec('create extension pg_trgm')),
  })
  expect(await rows`select similarity('a', 'a')::int as same`).toEqual([{ same: 1 }])
})

test('an extension that is not there is told', async () => {
  await expect(openPart('none', { extensions: { x: 'no-such-package' } })).rejects.toThrow(
    /^HEDDLE_RESOURCE_FAILED: Cannot load extension "x" of PGlite from "no-such-package"/,
  )
})

test('a migration that fails names its file and statement', async () => {
  writeFileSync(join(dir, 'bad.sql'), 'create table a ();\ncreate tabel b ();')
  await expect(openPart('none', { migrations: 'bad.sql' })).rejects.toThrow(
    /^HEDDLE_MIGRATION_FAILED: Cannot run migration "bad.sql": line 2/,
  )
})

test('commands are refused, because they could not reach it', () => {
  const migrations = { files: '*.sql', command: 'migrate' } as unknown as NonNullable<PgliteOptions['migrations']>
  expect(() => pglite({ migrations })).toThrow(/HEDDLE_OPTIONS_INVALID.*"migrations" cannot be a command/)
})

/** As a worker has it. */
async function openPart(perTest: PerTest, options: PgliteOptions = OPTIONS) {
  const resource = pglite(options)[RESOURCE]
  const surroundings = { ...surroundingsIn(dir, dir), signal: new AbortController().signal }
  const server = await resource.start?.(surroundings as unknown as Parameters<NonNullable<typeof resource.start>>[0])
  const lines: string[] = []
  const at = { name: 'main', perTest, value: server as object, print: (line: string) => lines.push(line) }
  const part: ResourceWorkerPart = await open(at as unknown as ResourceInWorker)
  onTestFinished(() => part.close?.() as Promise<void>)
  const handle = (): PgliteHandle => part.handle as PgliteHandle
  const attempt = async (name: string, body: () => Promise<unknown>) => {
    await part.beforeTest?.()
    await body()
    return (await part.afterTest?.({ test: name, hasFailed: false }))?.left ?? []
  }
  const rows: PgliteHandle['rows'] = (strings, ...values) => handle().rows(strings, ...values)
  return { part, handle, attempt, rows, lines }
}
