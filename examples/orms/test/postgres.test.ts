import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'

const sql = postgres(process.env.POSTGRES_URL ?? '')
afterAll(() => sql.end())

test.each(['ann@example.com', 'bob@example.com'])('%s is the first user', async (email) => {
  expect(await sql`insert into users ${sql({ email, plan_id: 1 })} returning *`).toMatchObject([{ id: 1, email }])
  expect(await sql`select * from users`).toHaveLength(1)
})

test('a test may remove what the seed wrote', async () => {
  expect(await sql`select name from plans order by id`).toMatchObject([{ name: 'free' }, { name: 'team' }])
  await sql`delete from plans`
})

test('a transaction commits all or nothing', async () => {
  await sql.begin(async (tx) => {
    await tx`insert into users (email, plan_id) values ('ann@example.com', 1)`
    await expect(
      tx.savepoint(async (inner) => {
        await inner`update plans set name = 'gratis' where id = 1`
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
  })
  expect(await sql`select * from users`).toHaveLength(1)
  expect(await sql`select name from plans order by id`).toMatchObject([{ name: 'free' }, { name: 'team' }])
})
