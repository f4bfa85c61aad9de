import { defineResource, type ResourcesOf } from '@heddle/db'
import { ObjectStore } from './store/object-store.js'

const photos = defineResource({
  kind: 'bucket',
  // Once per run, when the first file needs it: the server. S3, RabbitMQ or MongoDB would be started or looked for here.
  start: async ({ port }) => ObjectStore.start(await port()),
  // For each worker: a bucket that nobody else has.
  create: async ({ namespace }, store) => ({ url: await store.createBucket(namespace('photos')) }),
  // Set before the code under test is loaded.
  env: ({ url }) => ({ PHOTO_BUCKET: url }),
  // Before each test.
  reset: async ({ url }, store) => ({ cleaned: await store.emptyBucket(url) }),
  // What tests may ask besides.
  calls: { keys: async ({ url }) => (await fetch(url)).json() as Promise<string[]> },
  destroy: ({ url }, store) => store.deleteBucket(url),
  stop: (store) => store.stop(),
})

const config = { resources: { photos } }
export default config

declare global {
  interface HeddleResources extends ResourcesOf<typeof config> {}
}
