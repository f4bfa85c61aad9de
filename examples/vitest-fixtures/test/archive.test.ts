import { readdir } from 'node:fs/promises'
import { tempDir } from '@heddle/vitest'
import { expect, test } from 'vitest'
import { Archive } from '../src/archive.js'

test('an archived order is found again', async () => {
  const archive = new Archive(await tempDir())
  await archive.add({ id: '1', article: 'tea' })
  expect(await archive.all()).toEqual([{ id: '1', article: 'tea' }])
})

test('an order has a file of its own', async () => {
  const dir = await tempDir({ prefix: 'orders', keep: 'on-failure' })
  const archive = new Archive(dir)
  await archive.add({ id: '1', article: 'tea' })
  await archive.add({ id: '2', article: 'milk' })
  expect(await readdir(dir)).toEqual(['1.json', '2.json'])
})
