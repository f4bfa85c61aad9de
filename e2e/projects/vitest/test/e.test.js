import { expect, test } from 'vitest'
import { sleepObserved } from './sleep.js'

test('takes 380 ms', async () => {
  await sleepObserved(import.meta.filename ?? import.meta.url, 380)
  expect(true).toBe(true)
})
