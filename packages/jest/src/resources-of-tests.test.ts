import { expect, test } from 'vitest'
import { Block } from '../fixtures/circus.js'
import { ResourcesOfTests } from './resources-of-tests.js'

const one = new Block().test('a test')

test('without resources there is nothing to begin, and who asks learns where they belong', async () => {
  const none = new ResourcesOfTests(undefined)
  await none.open()
  expect(none.isOpen).toBe(false)
  await none.begin({}, one)
  expect(await none.end({}, one)).toEqual({ failures: [], kept: [] })
  await none.close()
  expect(() => none.declare('main', {})).toThrow(/"main".*no resources\n.*heddle\.config\.ts/)
  expect(() => none.handleOf('main', undefined)).toThrow('HEDDLE_RESOURCE_INVALID')
})

test('what cannot be opened fails the file', async () => {
  const broken = new ResourcesOfTests(() => Promise.reject(new Error('it cannot be made')))
  await expect(broken.open()).rejects.toThrow('it cannot be made')
  expect(broken.isOpen).toBe(false)
  expect(() => broken.handleOf('main', undefined)).toThrow('its test file has ended')
})
