import { expect, test } from 'vitest'
import { sleepObserved } from './sleep.js'

test('takes 100 ms', async () => {
  await sleepObserved(import.meta.filename ?? import.meta.url, 100)
  expect(true).toBe(true)
})
