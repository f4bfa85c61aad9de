import { expect, test } from 'vitest'
import { answerAfter } from './slow-service.js'

test('adds up a basket (1 of 5)', async () => {
  expect(await answerAfter(130)).toBe('ok')
})

test('adds up a basket (2 of 5)', async () => {
  expect(await answerAfter(130)).toBe('ok')
})

test('adds up a basket (3 of 5)', async () => {
  expect(await answerAfter(130)).toBe('ok')
})

test('adds up a basket (4 of 5)', async () => {
  expect(await answerAfter(130)).toBe('ok')
})

test('adds up a basket (5 of 5)', async () => {
  expect(await answerAfter(130)).toBe('ok')
})
