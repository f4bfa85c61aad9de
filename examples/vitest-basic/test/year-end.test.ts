import { expect, test } from 'vitest'
import { answerAfter } from './slow-service.js'

test('closes the year', async () => {
  expect(await answerAfter(2600)).toBe('ok')
})
