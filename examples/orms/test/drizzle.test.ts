import { eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { connect, plans, users } from '../src/drizzle.js'

const db = connect()
afterAll(() => db.$client.end())

test.each(['ann@example.com', 'bob@example.com'])('%s is the first user', async (email) => {
  const [user] = await db.insert(users).values({ email, planId: 1 }).returning()
  expect(user).toEqual({ id: 1, email, planId: 1 })
  expect(await db.select().from(users)).toHaveLength(1)
})

test('a test may remove what the seed wrote', async () => {
  expect(await db.select().from(plans).orderBy(plans.id)).toEqual([
    { id: 1, name: 'free' },
    { id: 2, name: 'team' },
  ])
  await db.delete(plans)
})

test('a transaction commits all or nothing', async () => {
  await db.transaction(async (tx) => {
    await tx.insert(users).values({ email: 'ann@example.com', planId: 1 })
    await expect(
      tx.transaction(async (inner) => {
        await inner.update(plans).set({ name: 'gratis' })
        inner.rollback()
      }),
    ).rejects.toThrow()
  })
  expect(await db.select().from(users)).toHaveLength(1)
  expect(await db.select().from(plans).where(eq(plans.id, 1))).toEqual([{ id: 1, name: 'free' }])
})
