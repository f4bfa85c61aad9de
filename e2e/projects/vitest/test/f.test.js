import { expect, test } from 'vitest'
import { sleepObserved } from './sleep.js'

test('takes 130 ms', async () => {
  await sleepObserved(import.meta.filename ?? import.meta.url, 130)
  expect(true).toBe(true)
})
