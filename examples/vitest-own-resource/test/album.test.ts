import { test } from '@heddle/vitest'
import { expect } from 'vitest'
import { addPhoto, photo } from '../src/album.js'

test('a photo is found again', async ({ photos }) => {
  await addPhoto('cat.jpg', 'a cat')
  expect(await photo('cat.jpg')).toBe('a cat')
  expect(await photos.keys()).toEqual(['cat.jpg'])
})

test('the album is empty again', async ({ photos }) => {
  expect(await photo('cat.jpg')).toBeUndefined()
  expect(await photos.keys()).toEqual([])
})
