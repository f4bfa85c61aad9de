import { expect, test } from 'vitest'
import { sleepObserved } from './sleep.js'

test('takes 900 ms', async () => {
  await sleepObserved(import.meta.filename ?? import.meta.url, 900)
  expect(true).toBe(true)
})
