import { PrismaPg } from '@prisma/adapter-pg'
import { sql as drizzleSql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { drizzle as drizzlePostgresJs } from 'drizzle-orm/postgres-js'
import { knex, type Knex } from 'knex'
import { CompiledQuery, Kysely, PostgresDialect } from 'kysely'
import { Pool } from 'pg'
import postgres from 'postgres'
import type { DriverUnderTest } from './driver-scenarios.js'

type Transaction = Parameters<DriverUnderTest['transaction']>[0]

/** What drivers ask of a pool of `pg`. */
type AnyPool = Pool

const POOL_SIZE = 4

/** Each with connections of its own to a database. */
export const DRIVERS: Readonly<Record<string, (url: string) => DriverUnderTest>> = {
  pg: (url) => overPg('pg', poolTo(url)),
  'postgres.js': overPostgresJs,
  knex: (url) => overKnex(knex({ client: 'pg', connection: url, pool: { min: 0, max: POOL_SIZE } })),
  kysely: (url) => overKysely(poolTo(url)),
  'drizzle on pg': (url) => overDrizzle(poolTo(url)),
  'drizzle on postgres.js': overDrizzlePostgresJs,
  "Prisma's adapter": overPrisma,
}

function poolTo(url: string): Pool {
  return new Pool({ connectionString: url, max: POOL_SIZE })
}

export function overPg(name: string, pool: AnyPool): DriverUnderTest {
  return {
    name,
    run: (text) => pool.query(text),
    transaction: async (act) => {
      const client = await pool.connect()
      try {
        await client.query('BEGIN')
        try {
          await act((text) => client.query(text))
        } catch (error) {
          await client.query('ROLLBACK')
          throw error
        }
        await client.query('COMMIT')
      } finally {
        client.release()
      }
    },
    close: () => pool.end(),
  }
}

function overPostgresJs(url: string): DriverUnderTest {
  const sql = postgres(url, { max: POOL_SIZE, onnotice: () => {} })
  return {
    name: 'postgres.js',
    run: (text) => sql.unsafe(text),
    transaction: async (act) => {
      await sql.begin((tx) => act((text) => tx.unsafe(text)))
    },
    close: () => sql.end(),
  }
}

export function overKnex(db: Knex): DriverUnderTest {
  return {
    name: 'knex',
    run: async (text) => db.raw(text),
    transaction: (act) => db.transaction((tx) => act(async (text) => tx.raw(text))),
    close: () => db.destroy(),
  }
}

export function overKysely(pool: AnyPool): DriverUnderTest {
  const db = new Kysely<object>({ dialect: new PostgresDialect({ pool }) })
  return {
    name: 'kysely',
    run: (text) => db.executeQuery(CompiledQuery.raw(text)),
    transaction: (act) => db.transaction().execute((tx) => act((text) => tx.executeQuery(CompiledQuery.raw(text)))),
    close: () => db.destroy(),
  }
}

export function overDrizzle(pool: AnyPool): DriverUnderTest {
  const db = drizzle(pool)
  return {
    name: 'drizzle on pg',
    run: (text) => db.execute(drizzleSql.raw(text)),
    transaction: (act) => db.transaction((tx) => act((text) => tx.execute(drizzleSql.raw(text)))),
    close: () => pool.end(),
  }
}

function overDrizzlePostgresJs(url: string): DriverUnderTest {
  const client = postgres(url, { max: POOL_SIZE, onnotice: () => {} })
  const db = drizzlePostgresJs(client)
  return {
    name: 'drizzle on postgres.js',
    run: (text) => db.execute(drizzleSql.raw(text)),
    transaction: (act) => db.transaction((tx) => act((text) => tx.execute(drizzleSql.raw(text)))),
    close: () => client.end(),
  }
}

/** What Prisma's client has under it. It leaves it to the client to say COMMIT and ROLLBACK. */
function overPrisma(url: string): DriverUnderTest {
  const adapter = new PrismaPg({ connectionString: url, max: POOL_SIZE }).connect()
  const statement = (sql: string) => ({ sql, args: [], argTypes: [] })
  const transaction = async (act: Transaction): Promise<void> => {
    const tx = await (await adapter).startTransaction()
    try {
      await act((text) => tx.executeRaw(statement(text)))
    } catch (error) {
      await tx.executeRaw(statement('ROLLBACK'))
      await tx.rollback()
      throw error
    }
    await tx.executeRaw(statement('COMMIT'))
    await tx.commit()
  }
  return {
    name: "Prisma's adapter",
    run: async (text) => (await adapter).executeRaw(statement(text)),
    transaction,
    close: async () => (await adapter).dispose(),
  }
}
