import { afterAll, expect, test } from 'vitest'
import { connect } from '../src/prisma.js'

const prisma = connect()
afterAll(() => prisma.$disconnect())

test.each(['ann@example.com', 'bob@example.com'])('%s is the first user', async (email) => {
  expect(await prisma.user.create({ data: { email, planId: 1 } })).toEqual({ id: 1, email, planId: 1 })
  expect(await prisma.user.count()).toBe(1)
})

test('a test may remove what the seed wrote', async () => {
  expect(await prisma.plan.findMany({ orderBy: { id: 'asc' } })).toEqual([
    { id: 1, name: 'free' },
    { id: 2, name: 'team' },
  ])
  await prisma.plan.deleteMany()
})

test('a transaction commits all or nothing', async () => {
  await prisma.$transaction((tx) => tx.user.create({ data: { email: 'ann@example.com', planId: 1 } }))
  const failing = prisma.$transaction(async (tx) => {
    await tx.plan.update({ where: { id: 1 }, data: { name: 'gratis' } })
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(await prisma.user.count()).toBe(1)
  expect(await prisma.plan.findUnique({ where: { id: 1 } })).toEqual({ id: 1, name: 'free' })
})
