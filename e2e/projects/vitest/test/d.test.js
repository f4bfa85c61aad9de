import { expect, test } from 'vitest'
import { sleepObserved } from './sleep.js'

test('takes 550 ms', async () => {
  await sleepObserved(import.meta.filename ?? import.meta.url, 550)
  expect(true).toBe(true)
})
