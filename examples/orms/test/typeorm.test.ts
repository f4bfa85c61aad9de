import { afterAll, expect, test } from 'vitest'
import { connect, users } from '../src/typeorm.js'

const source = await connect()
afterAll(() => source.destroy())

test.each(['ann@example.com', 'bob@example.com'])('%s is the first user', async (email) => {
  expect(await source.getRepository(users).save({ email, planId: 1 })).toEqual({ id: 1, email, planId: 1 })
  expect(await source.getRepository(users).count()).toBe(1)
})

test('a test may remove what the seed wrote', async () => {
  expect(await source.query('select name from plans order by id')).toEqual([{ name: 'free' }, { name: 'team' }])
  await source.query('delete from plans')
})

test('a transaction commits all or nothing', async () => {
  await source.transaction(async (manager) => {
    await manager.insert(users, { email: 'ann@example.com', planId: 1 })
    await expect(
      manager.transaction(async (inner) => {
        await inner.query(`update plans set name = 'gratis' where id = 1`)
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
  })
  expect(await source.getRepository(users).count()).toBe(1)
  expect(await source.query('select name from plans order by id')).toEqual([{ name: 'free' }, { name: 'team' }])
})
