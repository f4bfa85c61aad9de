import { expect, test } from 'vitest'
import { isGone, toConnectionError } from './connection-error.js'

const WORDS = { name: 'main', words: 'postgres://bob@db:5432/shop' }
const failure = (code: string | undefined, message: string): Error =>
  Object.assign(new Error(message), code !== undefined && { code })

test.each([
  ['ECONNREFUSED', '', /not reachable \(ECONNREFUSED\)\nFix: start it/],
  ['ENOTFOUND', 'getaddrinfo ENOTFOUND db', /not reachable \(getaddrinfo ENOTFOUND db\)/],
  [undefined, 'timeout expired', /not reachable \(timeout expired\)/],
  [
    '28P01',
    'password authentication failed for user "bob"',
    /password authentication failed.*\nFix: correct user and password/,
  ],
  [undefined, 'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', /Fix: correct user and password/],
  ['3D000', 'database "shop" does not exist', /"shop" does not exist\nFix: name a database in url that exists/],
  ['53300', 'sorry, too many clients already', /Fix: close other programs/],
  ['XX000', 'something else', /something else\nFix: see the log/],
])('%s "%s" is told with the way out', (code, message, expected) => {
  const error = toConnectionError(failure(code, message), WORDS)
  expect(error.message).toMatch(expected)
  expect(error.message).toContain('Cannot connect to postgres://bob@db:5432/shop for resource "main"')
})

test.each([
  [failure('57P01', 'terminating connection due to administrator command'), true],
  [failure('ECONNRESET', ''), true],
  [failure(undefined, 'Connection terminated unexpectedly'), true],
  [failure('42P01', 'relation "x" does not exist'), false],
  [failure('28P01', 'password authentication failed'), false],
])('after %s a session is of no use: %s', (error, expected) => {
  expect(isGone(error)).toBe(expected)
})
