import { afterAll, expect, test } from 'vitest'
import { connect } from '../src/kysely.js'

const db = connect()
afterAll(() => db.destroy())

const users = () => db.selectFrom('users').selectAll().execute()
const planNames = () => db.selectFrom('plans').select('name').orderBy('id').execute()

test.each(['ann@example.com', 'bob@example.com'])('%s is the first user', async (email) => {
  const user = await db.insertInto('users').values({ email, plan_id: 1 }).returningAll().executeTakeFirst()
  expect(user).toEqual({ id: 1, email, plan_id: 1 })
  expect(await users()).toHaveLength(1)
})

test('a test may remove what the seed wrote', async () => {
  expect(await planNames()).toEqual([{ name: 'free' }, { name: 'team' }])
  await db.deleteFrom('plans').execute()
})

test('a transaction commits all or nothing', async () => {
  await db
    .transaction()
    .execute((trx) => trx.insertInto('users').values({ email: 'ann@example.com', plan_id: 1 }).execute())
  const failing = db.transaction().execute(async (trx) => {
    await trx.updateTable('plans').set({ name: 'gratis' }).where('id', '=', 1).execute()
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(await users()).toHaveLength(1)
  expect(await planNames()).toEqual([{ name: 'free' }, { name: 'team' }])
})
