import { expect, test } from 'vitest'
import { sleepObserved } from './sleep.js'

test('takes 40 ms', async () => {
  await sleepObserved(import.meta.filename ?? import.meta.url, 40)
  expect(true).toBe(true)
})
