import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core'
import { Client, Pool } from 'pg'

export const plans = pgTable('plans', {
  id: serial().primaryKey(),
  name: text().notNull().unique(),
})

export const users = pgTable('users', {
  id: serial().primaryKey(),
  email: text().notNull().unique(),
  planId: integer('plan_id')
    .notNull()
    .references(() => plans.id),
})

/** What `drizzle-kit generate` has written to `drizzle/`. */
export async function migrateDrizzle(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await migrate(drizzle(client), { migrationsFolder: 'drizzle' })
  await client.end()
}

export const connect = () => drizzle(new Pool({ connectionString: process.env.DRIZZLE_URL, allowExitOnIdle: true }))
