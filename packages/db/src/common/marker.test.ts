import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { makerOf, newMarker, readMarker } from './marker.js'

test('a marker is read as it was written', () => {
  const marker = newMarker('worker', makerOf('abcdef'), { template: 'hdl_tpl_0123456789' })
  expect(readMarker(JSON.stringify(marker))).toEqual(marker)
  expect(marker).toMatchObject({ heddle: 1, kind: 'worker', run: 'abcdef', pid: process.pid, host: hostname() })
})

test.each([
  null,
  undefined,
  '',
  'our staging database',
  '{}',
  '[]',
  'null',
  '{"heddle":2,"kind":"worker","run":"a","pid":1,"host":"h","at":"x"}',
])('the comment %s is no marker', (text) => {
  expect(readMarker(text)).toBeUndefined()
})
