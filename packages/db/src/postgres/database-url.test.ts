import { expect, test } from 'vitest'
import { withDatabase } from './database-url.js'

test.each([
  ['postgres://bob:p%40ss@db:5433/shop?sslmode=require', 'postgres://bob:p%40ss@db:5433/x?sslmode=require'],
  ['postgres://db', 'postgres://db/x'],
  ['postgres:///shop?host=/var/run/postgresql', 'postgres:///x?host=/var/run/postgresql'],
  ['postgres://db/shop?dbname=other&database=third&options=-c%20a%3Db', 'postgres://db/x?options=-c%20a%3Db'],
])('only the database of %s is changed', (url, expected) => {
  expect(withDatabase(url, 'x')).toBe(expected)
})

test('a database may be called anything', () => {
  expect(decodeURIComponent(new URL(withDatabase('postgres://db/a', 'we/ird ?#%"')).pathname)).toBe('/we/ird ?#%"')
})
