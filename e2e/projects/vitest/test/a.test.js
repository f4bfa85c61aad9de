import { expect, test } from 'vitest'
import { sleepObserved } from './sleep.js'

test('takes 300 ms', async () => {
  await sleepObserved(import.meta.filename ?? import.meta.url, 300)
  expect(true).toBe(true)
})
