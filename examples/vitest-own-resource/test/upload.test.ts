import { resource } from '@heddle/vitest'
import { expect, test } from 'vitest'
import { addPhoto } from '../src/album.js'

const photos = resource('photos')

test.each(['dog.jpg', 'bird.jpg'])('%s is alone in the bucket of this worker', async (name) => {
  await addPhoto(name, 'fur or feathers')
  expect(await photos().keys()).toEqual([name])
})
