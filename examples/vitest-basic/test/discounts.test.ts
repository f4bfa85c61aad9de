import { expect, test } from 'vitest'
import { answerAfter } from './slow-service.js'

test('applies a discount (1 of 4)', async () => {
  expect(await answerAfter(137)).toBe('ok')
})

test('applies a discount (2 of 4)', async () => {
  expect(await answerAfter(137)).toBe('ok')
})

test('applies a discount (3 of 4)', async () => {
  expect(await answerAfter(137)).toBe('ok')
})

test('applies a discount (4 of 4)', async () => {
  expect(await answerAfter(137)).toBe('ok')
})
