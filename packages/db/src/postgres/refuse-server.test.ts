import { expect, test } from 'vitest'
import { countConnections, refuseServer } from './refuse-server.js'
import type { ServerFacts } from './server-facts.js'

const FACTS: ServerFacts = {
  version: '15.4',
  versionNumber: 150_004,
  isFsyncOn: true,
  isInRecovery: false,
  replicas: 0,
  user: 'bob',
  canCreateDatabases: true,
  isPooled: false,
  maxConnections: 97,
  usedConnections: 7,
}
const WORDS = { name: 'main', words: 'postgres://localhost' }

test('a server that can do everything is taken', () => {
  expect(() => refuseServer(FACTS, WORDS)).not.toThrow()
})

test.each<[string, Partial<ServerFacts>, RegExp]>([
  ['a pooler', { isPooled: true }, /RESOURCE_REFUSED.*pooler[^]*Fix: give the address of the server itself/],
  ['a standby', { isInRecovery: true }, /RESOURCE_REFUSED.*standby/],
  ['a server with a replica', { replicas: 1 }, /RESOURCE_REFUSED.*1 replica is connected/],
  [
    'an old version',
    { versionNumber: 120_018, version: '12.18' },
    /RESOURCE_FAILED.*12\.18 is too old[^]*Fix: use PostgreSQL 13/,
  ],
  [
    'a role without rights',
    { canCreateDatabases: false, user: 'b"b' },
    /role "b"b" may not create databases\nFix: .*ALTER ROLE "b""b" CREATEDB;/,
  ],
])('%s is refused', (_, facts, message) => {
  expect(() => refuseServer({ ...FACTS, ...facts }, WORDS)).toThrow(message)
})

test('a pooler is refused before what it says of the server is believed', () => {
  expect(() => refuseServer({ ...FACTS, isPooled: true, versionNumber: 1 }, WORDS)).toThrow('pooler')
})

test('connections are enough, may run out, or are too few', () => {
  expect(countConnections(FACTS, { slots: 7, poolSize: 10 }, WORDS)).toBeUndefined()
  expect(countConnections(FACTS, { slots: 8, poolSize: 10 }, WORDS)).toBe(
    'resource "main": 8 workers with pools of 10 may need 93 connections, 90 of 97 are free on postgres://localhost; if they run out, run fewer workers, limit the pool (and say so: poolSize), or raise max_connections',
  )
  expect(() => countConnections(FACTS, { slots: 43, poolSize: 1 }, WORDS)).toThrow(
    /43 workers need at least 91 connections, 90 of 97 are free\nFix: run fewer workers/,
  )
})
