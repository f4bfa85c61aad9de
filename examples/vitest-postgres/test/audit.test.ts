import { resource } from '@heddle/vitest'
import { Client } from 'pg'
import { describe, expect, test } from 'vitest'

const main = resource('main', { perTest: 'clone' }) // tests that run at once, or change tables: a database each

describe.concurrent('the audit log', () => {
  test.each(['customers', 'articles', 'orders'])('of %s notes every row', async (table) => {
    const client = new Client({ connectionString: main().url })
    await client.connect()
    try {
      await client.query(`create table log (what text)`)
      await client.query(`create function note() returns trigger language plpgsql as $$
        begin insert into log values (tg_table_name); return new; end $$`)
      await client.query(`create trigger audit after insert or update on ${table} for each row execute function note()`)
      await client.query(`insert into customers (email) values ('ann@example.com')`)
      await client.query(`insert into orders (customer_id) values (1)`)
      await client.query(`update articles set stock = stock + 1 where name = 'tea'`)
      expect((await client.query('select what from log')).rows).toEqual([{ what: table }])
    } finally {
      await client.end()
    }
  })
})
