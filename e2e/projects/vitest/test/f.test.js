import { expect, test } from 'vitest'
import { sleepObserved } from './sleep.js'

test('takes 200 ms', async () => {
  await sleepObserved(import.meta.filename ?? import.meta.url, 200)
  expect(true).toBe(true)
})
