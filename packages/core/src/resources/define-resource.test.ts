import { expect, expectTypeOf, test } from 'vitest'
import { defineResource, RESOURCE, type ResourcesOf } from './resource.js'

interface Bucket {
  readonly bucket: string
  readonly port: number
}

const photos = defineResource({
  kind: 'bucket',
  start: async ({ port }) => ({ port: await port() }),
  create: async ({ namespace }, store) => ({ bucket: namespace('photos'), port: store.port }),
  env: ({ bucket }) => ({ PHOTO_BUCKET: bucket }),
  calls: {
    keys: async ({ bucket }, suffix: string) => [bucket + suffix],
    count: ({ port }) => port,
  },
  stop: (store) => store.port,
})

test('a resource is known by its definition', () => {
  expect(photos.kind).toBe('bucket')
  expect(photos[RESOURCE]).toMatchObject({ kind: 'bucket', create: expect.any(Function) as unknown })
})

test('a call may write out what it is given', () => {
  const { handle } = defineResource({
    kind: 'bucket',
    start: async ({ port }) => ({ port: await port() }),
    create: async (_, store): Promise<Bucket> => ({ bucket: 'photos', port: store.port }),
    calls: { keys: ({ bucket }: Bucket) => [bucket] },
    stop: ({ port }) => port,
  })
  expectTypeOf<NonNullable<typeof handle>['keys']>().toEqualTypeOf<() => Promise<string[]>>()
})

test('what `create` returns tells all other types', () => {
  type Photos = ResourcesOf<{ readonly resources: { readonly photos: typeof photos } }>['photos']
  expectTypeOf<Photos['bucket']>().toBeString()
  expectTypeOf<Photos['keys']>().toEqualTypeOf<(suffix: string) => Promise<string[]>>()
  expectTypeOf<Photos['count']>().toEqualTypeOf<() => Promise<number>>()
})
