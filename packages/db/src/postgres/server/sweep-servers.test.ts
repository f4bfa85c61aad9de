import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { surroundingsIn } from '../../../fixtures/surroundings.js'
import { serverLeases } from './server-leases.js'
import { sweepServers } from './sweep-servers.js'

const DAY_MS = 24 * 3_600_000

test('only data of servers that nobody uses, nor has used for two weeks, are removed', async () => {
  const base = mkdtempSync(join(tmpdir(), 'heddle-db-'))
  onTestFinished(() => rmSync(base, { recursive: true, force: true }))
  const add = (name: string, days: number): string => {
    const dir = join(base, name)
    mkdirSync(dir)
    writeFileSync(join(dir, 'state.json'), '{}')
    const usedAt = new Date(Date.now() - days * DAY_MS)
    utimesSync(join(dir, 'state.json'), usedAt, usedAt)
    return dir
  }
  const old = add('server-00000001-embedded-18.3', 15)
  const used = add('server-00000002-embedded-18.3', 15)
  const fresh = add('server-00000003-system-15.20', 13)
  const foreign = add('somebody-elses', 99)
  const surroundings = surroundingsIn(base)
  const use = await serverLeases(surroundings.leases(), used).use()
  await sweepServers(surroundings, base)
  await use.release()
  expect([old, used, fresh, foreign].map((dir) => existsSync(dir))).toEqual([false, true, true, true])
})
