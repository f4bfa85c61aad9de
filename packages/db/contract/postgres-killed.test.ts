import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseName, runKey } from '../src/common/names.js'
import { listOwnDatabases } from '../src/postgres/own-database.js'
import { missingServer, PATIENCE_MS, PostgresScene, start } from './postgres-scene.js'

const KILLS = 50

/** All that a run does: template, workers, a clone, a schema that is made anew, a copy of what failed. */
const CYCLE = `
  const place = { root: input.root, runId: input.runId, slots: 2 }
  const run = await openRun({ ...input.options, keepFailed: true }, place)
  const [one, two] = await Promise.all([run.create(1), run.create(2)])
  await run.rows(one, "insert into users (email) values ('x')")
  await run.afterTest(one, 'a test', true)
  await run.reset(one)
  const clone = await run.create(1, 'test')
  await run.rows(two, 'create table extra (id int)')
  await run.reset(two)
  await run.destroy(clone)
  await Promise.all([run.destroy(one), run.destroy(two)])
  await run.stop()
  console.log('done')`

describe.skipIf(missingServer !== undefined)(`runs that are killed${missingServer ?? ''}`, () => {
  let scene: PostgresScene
  const lookAlikes: string[] = []

  beforeAll(async () => {
    scene = new PostgresScene({ isShared: true })
    const key = scene.mark.slice(0, 6)
    lookAlikes.push(`hdl_${key}_w1`, `hdl_tpl_${scene.mark.slice(0, 10)}`, `hdl_users_${scene.mark}`)
    await scene.asAdmin(async (client) => {
      for (const name of lookAlikes) await client.query(`create database ${name}`)
    })
  }, PATIENCE_MS)
  afterAll(async () => {
    await scene.asAdmin(async (client) => {
      for (const name of lookAlikes) await client.query(`drop database if exists ${name} with (force)`)
    })
    await scene.remove()
  }, PATIENCE_MS)

  test(
    `at ${KILLS} random moments leave nothing after the next run, and look-alikes are not touched`,
    { timeout: 600_000 },
    async () => {
      const runIds = Array.from({ length: KILLS }, (_, i) => `killed-${scene.mark}-${i}`)
      const inputOf = (runId: string) => ({ options: scene.options(), root: scene.root, runId })
      const startedAt = performance.now()
      await once(start(CYCLE, inputOf(`whole-${scene.mark}`)), 'exit')
      const whole = performance.now() - startedAt
      const killed = async (runId: string): Promise<void> => {
        const child = start(CYCLE, inputOf(runId))
        const ended = once(child, 'exit')
        await Promise.race([ended, delay(Math.random() * whole)])
        child.kill('SIGKILL')
        await ended
      }
      for (let i = 0; i < KILLS; i += 2) {
        // Every third time there is no template yet.
        if (i % 3 === 0) scene.write('2.sql', `create table t${i} (id int)`)
        await Promise.all(runIds.slice(i, i + 2).map(killed))
      }
      await (await scene.open()).end()
      const keys = new Set(runIds.map((runId) => runKey(runId, 'main')))
      const all = await scene.asAdmin((client) => listOwnDatabases(client))
      const left = all.filter(({ parts }) => keys.has(parts.key) && parts.kind !== 'kept')
      expect(left.map(({ name }) => name)).toEqual([])
      const own = await scene.databases()
      const templates = own.filter(({ parts }) => parts.kind === 'template')
      expect(templates.filter(({ isFinished }) => !isFinished)).toEqual([])
      expect(templates.length).toBeLessThanOrEqual(3)
      const copies = new Set(own.filter(({ parts }) => parts.kind === 'kept').map(({ parts }) => parts.key))
      expect(copies.size).toBeLessThanOrEqual(3)
      const slots = own.filter(({ parts }) => parts.kind === 'slot')
      expect(slots.length).toBeLessThanOrEqual(2 * templates.length)
      const { rows } = await scene.asAdmin((client) =>
        client.query<{ name: string }>('select datname as name from pg_database where datname = any($1)', [lookAlikes]),
      )
      expect(rows.map(({ name }) => name).toSorted()).toEqual(lookAlikes.toSorted())
      expect(parseName(lookAlikes[0] ?? '')?.kind).toBe('worker')
    },
  )
})
