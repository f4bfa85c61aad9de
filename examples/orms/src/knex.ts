import createKnex, { type Knex } from 'knex'

const configOf = (url: string): Knex.Config => ({
  client: 'pg',
  connection: url,
  migrations: { directory: 'knex', loadExtensions: ['.mjs'] },
})

export async function migrateKnex(url: string): Promise<void> {
  const knex = createKnex(configOf(url))
  await knex.migrate.latest()
  await knex.destroy()
}

export const connect = () => createKnex(configOf(process.env.KNEX_URL ?? ''))
