import { postgres, type PostgresOptions } from '@heddle/db/postgres'
import { migrateDrizzle } from './src/drizzle.js'
import { migrateKnex } from './src/knex.js'
import { migrateKysely } from './src/kysely.js'
import { migrateTypeOrm } from './src/typeorm.js'

/** A database for the test file of each, in a variable of its own. A project has one of these. */
const databaseOf = (name: string, migrations: PostgresOptions['migrations']) =>
  postgres({
    url: process.env.TEST_DATABASE_URL, // or nothing: a server of its own
    migrations,
    seed: ({ client }) => client.query(`insert into plans (name) values ('free'), ('team')`),
    env: `${name}_URL`,
    files: `test/${name.toLowerCase()}.test.ts`,
  })

export default {
  resources: {
    drizzle: databaseOf('DRIZZLE', { files: 'drizzle/**', run: ({ url }) => migrateDrizzle(url) }),
    knex: databaseOf('KNEX', { files: 'knex/**', run: ({ url }) => migrateKnex(url) }),
    kysely: databaseOf('KYSELY', { files: 'kysely/**', run: ({ url }) => migrateKysely(url) }),
    typeorm: databaseOf('TYPEORM', { files: 'typeorm/**', run: ({ url }) => migrateTypeOrm(url) }),
    prisma: databaseOf('PRISMA', 'prisma/migrations/*/migration.sql'),
    postgresJs: databaseOf('POSTGRES', 'postgres-js/*.sql'),
  },
}
