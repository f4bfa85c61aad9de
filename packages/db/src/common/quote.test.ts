import { expect, test } from 'vitest'
import { quoteBackticked, quoteIdentifier, quoteLiteral } from './quote.js'

test('what would end a name or a string is doubled', () => {
  expect(quoteIdentifier('a"; drop database b --')).toBe('"a""; drop database b --"')
  expect(quoteBackticked('a`b')).toBe('`a``b`')
  expect(quoteLiteral("it's")).toBe("'it''s'")
})

test('a backslash means itself, whatever the server makes of backslashes', () => {
  expect(quoteLiteral(String.raw`a\'b`)).toBe(String.raw`E'a\\''b'`)
})
