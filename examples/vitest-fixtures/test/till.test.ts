import { socketPath } from '@heddle/vitest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askTill, openTill } from '../src/till.js'

let path: string
let till: Awaited<ReturnType<typeof openTill>>

beforeAll(async () => {
  path = await socketPath()
  till = await openTill(path, 370)
})

afterAll(() => {
  till.close()
})

test('the till tells what is in it', async () => {
  expect(await askTill(path)).toBe(370)
})
