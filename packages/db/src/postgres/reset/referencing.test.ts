import { expect, test } from 'vitest'
import { referencing } from './referencing.js'

const key = (from: number, to: number) => ({ from, to, isActing: false })

test('goes over any number of steps, and counts the table itself', () => {
  expect(new Set(referencing(1, [key(2, 1), key(3, 2), key(1, 4)]))).toEqual(new Set([1, 2, 3]))
})

test('ends in cycles', () => {
  expect(new Set(referencing(1, [key(2, 1), key(1, 2), key(1, 1)]))).toEqual(new Set([1, 2]))
})
