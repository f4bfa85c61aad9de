import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { installReset, resetDatabase } from '../src/postgres/reset/reset.js'
import { DRIVER_SCENARIOS } from './driver-scenarios.js'
import { DRIVERS } from './drivers.js'
import { needServer } from './postgres-server.js'
import { serverPlace, type ResetClone, type ResetPlace, type ResetScene } from './reset-place.js'

describe('with reset, transactions are what they are', { timeout: 60_000 }, () => {
  let place: ResetPlace | undefined
  let scene: ResetScene | undefined
  let clone: ResetClone | undefined

  beforeEach(async (context) => {
    if (clone !== undefined) return
    place = await serverPlace('the server', await needServer(context), 'owner')
    scene = await place.open()
    await scene.template.query('CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE)')
    await installReset(scene.template)
    await scene.seal()
    clone = await scene.clone()
  })

  afterAll(async () => {
    await clone?.drop()
    await scene?.close()
    await place?.close()
  })

  test.for(Object.entries(DRIVERS))('%s', async ([, open]) => {
    if (clone === undefined) throw new Error('there is no clone')
    const driver = open(clone.url)
    try {
      for (const { name, play, emails } of DRIVER_SCENARIOS) {
        await resetDatabase(clone.session)
        await play(driver)
        const { rows } = await clone.tests.query<{ email: string; id: number }>(
          'SELECT id, email FROM users ORDER BY email',
        )
        expect(
          rows.map(({ email }) => email),
          name,
        ).toEqual(emails)
        expect(Math.min(...rows.map(({ id }) => id)), name).toBeLessThan(4)
      }
    } finally {
      await driver.close()
      await resetDatabase(clone.session)
    }
  })
})
