import { expect, test } from 'vitest'
import { contextOf, testOf } from '../fixtures/host.js'
import { foundTests, withoutTest } from './found-tests.js'

test('a file is named by its project and its path in the workspace', () => {
  const tests = [testOf('/repo/t/a.test.js'), testOf('/repo/t/a.test.js', contextOf({ displayName: { name: 'unit' } }))]
  expect(foundTests('/repo', tests).map(withoutTest)).toEqual([{ key: 't/a.test.js' }, { key: 't/a.test.js\tunit' }])
})

test('runners are stages, the same ones in whatever order the projects were found', () => {
  const [a, b] = [testOf('/repo/a', contextOf({ runner: '/r1' })), testOf('/repo/b', contextOf({ runner: '/r2' }))]
  const stages = [
    { key: 'a', stage: 0 },
    { key: 'b', stage: 1 },
  ]
  expect(foundTests('/repo', [a, b]).map(withoutTest)).toEqual(stages)
  expect(foundTests('/repo', [b, a]).map(withoutTest)).toEqual(stages.toReversed())
})
