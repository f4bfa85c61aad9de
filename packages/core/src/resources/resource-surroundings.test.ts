import { expect, test, vi } from 'vitest'
import { temporaryDir } from '../../fixtures/directories.js'
import { resourceSurroundings } from './resource-surroundings.js'

test('also where nothing runs there are a cache and leases', async () => {
  vi.stubEnv('HEDDLE_LOCK_DIR', temporaryDir())
  const lines: string[] = []
  const env = { HEDDLE_CACHE_DIR: '/cache' }
  const root = temporaryDir()
  const surroundings = resourceSurroundings({ name: 'main', root, env, print: (line) => lines.push(line) })
  expect(surroundings).toMatchObject({ name: 'main', root, env, cacheDir: '/cache' })
  const lease = await surroundings.leases().acquire({ name: 'template', scope: 'machine' })
  expect(await surroundings.leases().status({ name: 'template', scope: 'machine' })).toMatchObject({
    holders: [expect.anything()],
  })
  await lease.release()
  vi.unstubAllEnvs()
})
