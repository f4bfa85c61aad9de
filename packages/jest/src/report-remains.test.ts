import { expect, test } from 'vitest'
import { Block } from '../fixtures/circus.js'
import { reportRemains, type Remains } from './report-remains.js'

/** What is printed, and what a test fails with. */
function report(errors: unknown[], remains: Partial<Remains>) {
  const lines: string[] = []
  const one = new Block().describe('orders').test('creates', { errors })
  reportRemains(one, { failures: [], kept: [], ...remains }, (line) => lines.push(line))
  return { lines, errors: one.errors }
}

test('what was kept is told with the last failure', () => {
  const [first, last] = [new Error('first'), new Error('last')]
  const { lines, errors } = report([first, [last, new Error('place')]], { kept: ['/tmp/a', '/tmp/b'] })
  expect(lines).toEqual([])
  expect(errors).toHaveLength(2)
  expect(first.message).toBe('first')
  expect(last.message).toBe('last\n\nKept: /tmp/a\nKept: /tmp/b')
})

test('what was kept of a test that has passed, or whose failure cannot be changed, is printed', () => {
  const expected = ['after "orders creates": Kept: /tmp/a']
  expect(report([], { kept: ['/tmp/a'] })).toEqual({ lines: expected, errors: [] })
  expect(report([null], { kept: ['/tmp/a'] })).toEqual({ lines: expected, errors: [null] })
})

test('what fails a test is its last error', () => {
  const error = new Error('it left DEBUG changed')
  const { errors } = report([new Error('first')], { kept: ['/tmp/a'], failures: [error] })
  expect(errors).toHaveLength(2)
  expect(errors[1]).toBe(error)
  expect(error.message).toContain('Kept: /tmp/a')
})

test('where nothing is left there is nothing to tell', () => {
  expect(report([], { kept: [] })).toEqual({ lines: [], errors: [] })
})
