import { expect, test } from 'vitest'
import { sleepObserved } from './sleep.js'

test('takes 800 ms', async () => {
  await sleepObserved(import.meta.filename ?? import.meta.url, 800)
  expect(true).toBe(true)
})
