import { expect, test } from 'vitest'
import { sleepObserved } from './sleep.js'

test('takes 240 ms', async () => {
  await sleepObserved(import.meta.filename ?? import.meta.url, 240)
  expect(true).toBe(true)
})
