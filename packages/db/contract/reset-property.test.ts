import { describe, expect, test } from 'vitest'
import { OwnServers } from './own-servers.js'
import { pglitePlace } from './pglite-place.js'
import { needServer } from './postgres-server.js'
import { serverPlace, type PlaceRole, type ResetPlace } from './reset-place.js'
import { checkResets } from './reset-property.js'

/** `HEDDLE_WORKLOADS=500 HEDDLE_SEED=7`: more of them, others. */
const WORKLOADS = Number(process.env['HEDDLE_WORKLOADS'] ?? 50)
const SEED = Number(process.env['HEDDLE_SEED'] ?? 1)
const TIMEOUT_MS = 60_000 + WORKLOADS * 5000

describe('after a reset, a database is like a fresh one', { timeout: TIMEOUT_MS }, () => {
  for (const role of ['superuser', 'owner'] as const) {
    test(`on a server, for the ${role}`, async (context) => {
      await check(await serverPlace('the server', await needServer(context), role))
    })

    test(`on embedded PostgreSQL, for the ${role}`, () => checkEmbedded(role))
  }

  test('on PGlite', () => check(pglitePlace))
})

async function checkEmbedded(role: PlaceRole): Promise<void> {
  const { url, words } = await new OwnServers().open()
  await check(await serverPlace(words, url, role))
}

async function check(place: ResetPlace): Promise<void> {
  try {
    const { workloads, cleaned } = await checkResets(place, SEED, WORKLOADS)
    expect(cleaned).toBeGreaterThan(workloads / 2)
  } finally {
    await place.close()
  }
}
