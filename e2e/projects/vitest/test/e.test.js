import { expect, test } from 'vitest'
import { sleepObserved } from './sleep.js'

test('takes 600 ms', async () => {
  await sleepObserved(import.meta.filename ?? import.meta.url, 600)
  expect(true).toBe(true)
})
