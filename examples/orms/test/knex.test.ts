import { afterAll, expect, test } from 'vitest'
import { connect } from '../src/knex.js'

const knex = connect()
afterAll(() => knex.destroy())

test.each(['ann@example.com', 'bob@example.com'])('%s is the first user', async (email) => {
  expect(await knex('users').insert({ email, plan_id: 1 }).returning('*')).toEqual([{ id: 1, email, plan_id: 1 }])
  expect(await knex('users')).toHaveLength(1)
})

test('a test may remove what the seed wrote', async () => {
  expect(await knex('plans').orderBy('id').pluck('name')).toEqual(['free', 'team'])
  await knex('plans').delete()
})

test('a transaction commits all or nothing', async () => {
  await knex.transaction(async (trx) => {
    await trx('users').insert({ email: 'ann@example.com', plan_id: 1 })
    await expect(
      trx.transaction(async (inner) => {
        await inner('plans').update({ name: 'gratis' }).where({ id: 1 })
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
  })
  expect(await knex('users')).toHaveLength(1)
  expect(await knex('plans').where({ id: 1 })).toEqual([{ id: 1, name: 'free' }])
})
