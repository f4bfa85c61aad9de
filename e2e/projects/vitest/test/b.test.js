import { expect, test } from 'vitest'
import { sleepObserved } from './sleep.js'

test('takes 1500 ms', async () => {
  await sleepObserved(import.meta.filename ?? import.meta.url, 1500)
  expect(true).toBe(true)
})
