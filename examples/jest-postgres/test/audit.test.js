const { resource } = require('@heddle/jest')
const { Client } = require('pg')

const main = resource('main', { perTest: 'clone' }) // tests that change tables, or run at once: a database each

test.concurrent.each(['customers', 'articles', 'orders'])('the audit log of %s notes every row', async (table) => {
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
