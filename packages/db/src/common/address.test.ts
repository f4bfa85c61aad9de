import { expect, test } from 'vitest'
import { parseAddress } from './address.js'

const FORMAT = { place: 'url of resource "main"', protocols: ['postgres', 'postgresql'] }

test('an address is told without its password and its parameters', () => {
  const address = parseAddress('postgres://bob:s3cret@db.local:5433/shop?sslmode=require', FORMAT)
  expect(address).toEqual({
    protocol: 'postgres',
    host: 'db.local',
    port: 5433,
    user: 'bob',
    database: 'shop',
    words: 'postgres://bob@db.local:5433/shop',
  })
})

test.each([
  ['postgres:///shop?host=/var/run/postgresql', '/var/run/postgresql'],
  ['postgres://%2Fvar%2Frun%2Fpostgresql/shop', '/var/run/postgresql'],
  ['postgres://[::1]:5432/shop', '::1'],
  ['postgresql://db', 'db'],
  // As pg reads it: the last one.
  ['postgres://localhost/shop?host=localhost&host=db.example.com', 'db.example.com'],
])('the host of %s is %s', (url, host) => {
  expect(parseAddress(url, FORMAT).host).toBe(host)
})

test.each(['mysql://localhost/x', 'localhost:5432', '', 'postgres://a:%zz@h/%zz'])(
  '"%s" is refused with what is expected instead',
  (url) => {
    expect(() => parseAddress(url, FORMAT)).toThrow(
      /^HEDDLE_RESOURCE_INVALID: Cannot use the url of resource "main".*\nFix: .*postgres:\/\//,
    )
  },
)

test('a URL that cannot be read is not quoted, for it may hold a password', () => {
  expect(() => parseAddress('mysql://bob:s3cret@localhost', FORMAT)).toThrow(/^(?!.*s3cret)/)
})

test('only drivers of PostgreSQL look for the host among the parameters', () => {
  const format = { place: 'url', protocols: ['mysql'] }
  expect(parseAddress('mysql://db.example.com/shop?host=localhost', format).host).toBe('db.example.com')
})

test('a URL without a host names the one that the driver takes then', () => {
  const format = { ...FORMAT, defaultHost: 'db.example.com' }
  expect(parseAddress('postgres:///shop', format)).toMatchObject({
    host: 'db.example.com',
    words: 'postgres://db.example.com/shop',
  })
  expect(parseAddress('postgres://localhost/shop', format).host).toBe('localhost')
})
