import { socketPath } from '@heddle/vitest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askTill, openTill } from '../src/till.js'

let path: string
let till: Awaited<ReturnType<typeof openTill>>

beforeAll(async () => {
  path = await socketPath()
  till = await openTill(path)
})

afterAll(() => {
  till.close()
})

test('the till adds up', async () => {
  expect(await askTill(path, [250, 120])).toBe(370)
})
