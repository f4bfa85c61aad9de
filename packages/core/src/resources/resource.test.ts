import { expect, expectTypeOf, test } from 'vitest'
import { defineResource, type RESOURCE, type Resource, type ResourcesOf } from './resource.js'

test('what create returns is what the other functions are given, and what tests see', () => {
  const bucket = defineResource({
    kind: 'bucket',
    create: async ({ namespace }) => Promise.resolve({ bucket: namespace('photos') }),
    env: (made) => {
      expectTypeOf(made).toEqualTypeOf<{ bucket: string }>()
      return { BUCKET: made.bucket }
    },
    reset: ({ bucket: name }) => void name.length,
    destroy: ({ bucket: name }) => name,
  })
  expectTypeOf(bucket).toExtend<Resource<{ bucket: string }>>()
})

test('calls are told to tests without the instance, as promises', () => {
  const table = defineResource({
    kind: 'table',
    start: () => ({ url: 'x://' }),
    create: (_request, server) => {
      expectTypeOf(server).toEqualTypeOf<{ url: string }>()
      return { url: server.url, rows: new Map<number, string>() }
    },
    value: ({ url }) => ({ url }),
    calls: {
      insert: (instance, id: number, row: string) => instance.rows.set(id, row).size,
      find: async (instance: { readonly rows: Map<number, string> }, id: number) =>
        Promise.resolve(instance.rows.get(id)),
    },
    stop: (server) => server.url,
  })
  expectTypeOf<ResourcesOf<{ resources: { main: typeof table } }>>().toEqualTypeOf<{
    readonly main: { url: string } & {
      readonly insert: (id: number, row: string) => Promise<number>
      readonly find: (id: number) => Promise<string | undefined>
    }
  }>()
})

test('a resource is known by its symbol, whichever copy of this module made it', () => {
  const create = () => ({})
  const made = defineResource({ kind: 'x', create })
  expect(made[Symbol.for('heddle.resource') as typeof RESOURCE]).toEqual({ kind: 'x', create })
})
