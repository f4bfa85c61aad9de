import { expect, test } from 'vitest'
import { answerAfter } from './slow-service.js'

test('normalises an address (1 of 6)', async () => {
  expect(await answerAfter(83)).toBe('ok')
})

test('normalises an address (2 of 6)', async () => {
  expect(await answerAfter(83)).toBe('ok')
})

test('normalises an address (3 of 6)', async () => {
  expect(await answerAfter(83)).toBe('ok')
})

test('normalises an address (4 of 6)', async () => {
  expect(await answerAfter(83)).toBe('ok')
})

test('normalises an address (5 of 6)', async () => {
  expect(await answerAfter(83)).toBe('ok')
})

test('normalises an address (6 of 6)', async () => {
  expect(await answerAfter(83)).toBe('ok')
})
