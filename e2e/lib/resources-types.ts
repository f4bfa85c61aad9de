/** A heddle.config in TypeScript that tells tests what they see. */
export const CONFIG_TYPES = `import { defineResource, type ResourcesOf } from '@heddle/db'

const data = defineResource({
  kind: 'directory',
  create: ({ slot }) => ({ dir: '/data', slot }),
  value: ({ dir }) => ({ dir }),
  calls: { list: async ({ dir }, prefix: string): Promise<string[]> => [dir + prefix] },
})
const config = { resources: { data } }
export default config

declare global {
  interface HeddleResources extends ResourcesOf<typeof config> {}
}
`

const COMMON = `
const data = resource('data', { perTest: 'clone' })
// @ts-expect-error no such resource
void (() => resource('dat'))
// @ts-expect-error no such mode
void (() => resource('data', { perTest: 'truncate' }))

test('has what it says', async () => {
  const dir: string = data().dir
  const names: string[] = await data().list('a')
  expect([dir, ...names]).toHaveLength(2)
  // @ts-expect-error it was not told
  void data().slot
  // @ts-expect-error it takes a text
  void (() => data().list(1))
})
`

export const VITEST_TYPES = `import { expect } from 'vitest'
import { fixtures, it, resource, test } from '@heddle/vitest'
${COMMON}
it('is given', async ({ data, tempDir }) => {
  const dir: string = data.dir + tempDir
  const names: string[] = await data.list(dir)
  void names
})
// @ts-expect-error no such fixture
test('is not', ({ dat }) => void dat)
const extended = test.extend<{ more: string }>({ more: async ({ data }, use) => use(data.dir) })
extended('both', ({ more, data }) => void (more + data.dir))
const other = extended.extend(fixtures)
other('all', ({ data }) => void data.dir)
`

export const BUILDER_TYPES = `
const built = test.extend('more', ({ data }) => data.dir.length)
built('has both', ({ more, data }) => void [more.toFixed(), data.dir])
`

export const JEST_TYPES = `import { expect, test } from '@jest/globals'
import { resource } from '@heddle/jest'
${COMMON}`
