import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'

test('renders the yearly report on two cores', async () => {
  await setTimeout(250)
  expect('report').toHaveLength(6)
})
