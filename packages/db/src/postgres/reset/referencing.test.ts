import { expect, test } from 'vitest'
import { referencing } from './referencing.js'

const key = (from: number, to: number) => ({ from, to, isActing: false })

test('goes over any number of steps, and counts the table itself', () => {
  expect([...referencing(1, [key(2, 1), key(3, 2), key(1, 4)])].sort()).toEqual([1, 2, 3])
})

test('ends in cycles', () => {
  expect([...referencing(1, [key(2, 1), key(1, 2), key(1, 1)])].sort()).toEqual([1, 2])
})
