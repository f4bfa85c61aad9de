import { expect, test } from 'vitest'
import { parseAddress } from './address.js'
import { isLocalHost, refuseUnsafe } from './refuse-unsafe.js'

const FORMAT = { place: 'url', protocols: ['postgres'] }

function refuse(url: string, allowRemote: readonly string[] = [], env = {}): void {
  refuseUnsafe(parseAddress(url, FORMAT), { name: 'main', allowRemote, env })
}

test.each([
  'postgres://localhost/shop',
  'postgres://127.0.0.1:5432/shop',
  'postgres://127.1.2.3/shop',
  'postgres://[::1]/shop',
  'postgres:///shop?host=/var/run/postgresql',
  'postgres://db/shop',
  'postgres://postgres-test:5432/delivery',
  'postgres://mac.local/products',
  'postgres://host.docker.internal/reproduction',
])('%s is local', (url) => {
  expect(() => refuse(url)).not.toThrow()
})

test.each([
  'postgres://db.example.com/shop',
  'postgres://10.0.0.5/shop',
  'postgres://192.168.1.20/shop',
  'postgres://localhost.evil.com/shop',
  'postgres://shop.abc123.eu-west-1.rds.amazonaws.com/shop',
  'postgres://db.xyz.supabase.co/postgres',
  'postgres://ep-x-1.eu-central-1.aws.neon.tech/shop',
  'postgres://[2001:db8::1]/shop',
  'postgres:///shop?host=db.example.com',
])('%s is refused unless its host is allowed', (url) => {
  expect(() => refuse(url)).toThrow(/HEDDLE_RESOURCE_REFUSED: Cannot use postgres:.*\nFix: .*allowRemote/)
  expect(() => refuse(url, [parseAddress(url, FORMAT).host])).not.toThrow()
  expect(() => refuse(url, ['example.com', 'amazonaws.com'])).toThrow('HEDDLE_RESOURCE_REFUSED')
})

test.each([
  'postgres://prod-db/shop',
  'postgres://localhost/shop_production',
  'postgres://localhost/prod',
  'postgres://live@localhost/shop',
  'postgres://db.prod.example.com/shop',
  'postgres://localhost/PROD2',
])('%s looks like production and is refused, allowed or not', (url) => {
  expect(() => refuse(url, [parseAddress(url, FORMAT).host])).toThrow(/HEDDLE_RESOURCE_REFUSED.*looks like production/)
})

test('nothing is used where NODE_ENV says production', () => {
  expect(() => refuse('postgres://localhost/shop', [], { NODE_ENV: 'production' })).toThrow('NODE_ENV is "production"')
})

test('digits alone are an address, not a name', () => {
  expect(isLocalHost('2130706433')).toBe(false)
  expect(isLocalHost('db1')).toBe(true)
})
