import { expect, it } from 'vitest'
import { maskUrl } from './mask-url.js'

it.each([
  ['postgres://app:secret@localhost:5432/hdl_1', 'postgres://app:***@localhost:5432/hdl_1'],
  ['postgres://app:p@ss:w0rd@localhost/hdl_1', 'postgres://app:***@localhost/hdl_1'],
  ['mysql://:secret@127.0.0.1/hdl_1', 'mysql://:***@127.0.0.1/hdl_1'],
  [
    'postgres:///hdl_1?host=/tmp&user=app&password=secret&ssl=1',
    'postgres:///hdl_1?host=/tmp&user=app&password=***&ssl=1',
  ],
  ['postgres://app@localhost/hdl_1', 'postgres://app@localhost/hdl_1'],
  ['postgres://localhost/hdl_1', 'postgres://localhost/hdl_1'],
  ['file:/tmp/hdl_1.db', 'file:/tmp/hdl_1.db'],
  ['redis://localhost:6379/3', 'redis://localhost:6379/3'],
])('shows %s as %s', (url, shown) => {
  expect(maskUrl(url)).toBe(shown)
})
