import { expect, test } from 'vitest'
import { defineResource, RESOURCE } from '../resources/resource.js'
import { describeResourceFlaws } from './resource-flaws.js'

const bucket = defineResource({ kind: 'bucket', create: () => ({}) })

/** What would be wrong with a definition that no type has checked. */
function flawsOf(definition: object): string[] {
  return describeResourceFlaws({ main: { kind: 'bucket', [RESOURCE]: definition } })
}

test('there is nothing wrong with a resource, whatever it leaves out', () => {
  const nothing = () => undefined
  const all = { value: nothing, env: nothing, reset: nothing, afterTest: nothing, destroy: nothing, stop: nothing }
  const parts = { calls: { put: nothing }, worker: __filename, admin: { status: nothing, clean: nothing } }
  expect(describeResourceFlaws({ main: bucket, $other_2: bucket })).toEqual([])
  expect(flawsOf({ kind: 'x', create: nothing, start: nothing, files: ['a', '!b'], perTest: 'reset', ...all })).toEqual(
    [],
  )
  expect(flawsOf({ kind: 'x', create: nothing, reset: undefined, perTest: 'rollback', ...parts })).toEqual([])
})

test.each(['a-b', '', '1st', 'a b', 'ä'])('"%s" is no name, because no variable could have it', (name) => {
  expect(describeResourceFlaws({ [name]: bucket })).toEqual([
    expect.stringContaining(`a resource cannot have the name "${name}": tests use it like a variable`) as string,
  ])
})

test.each(['task', 'expect', 'slot', 'tempDir', 'env', 'logger', 'onTestFinished', 'toString', 'constructor'])(
  '"%s" is the name of something else',
  (name) => {
    expect(describeResourceFlaws({ [name]: bucket })).toEqual([
      `a resource cannot have the name "${name}", which tests know as something else`,
    ])
  },
)

test.each([5, null, {}, { kind: 'bucket', create: () => ({}) }, [bucket]])('%j is no resource', (value) => {
  expect(describeResourceFlaws({ main: value })).toEqual([
    '"resources.main" must be a resource, as postgres({ … }) or defineResource({ … })',
  ])
})

test('all that is wrong with a definition is told', () => {
  const wrong = { rest: 1, reset: 5, files: [], perTest: 'rset', worker: './x.js', calls: { put: 1 }, admin: { x: 1 } }
  expect(flawsOf({ kind: '', ...wrong })).toEqual([
    'unknown option "resources.main.rest", did you mean "resources.main.reset"?',
    '"resources.main" has no "create", which makes what one worker has',
    '"resources.main.reset" must be a function',
    '"resources.main.kind" must be a word for people, as "bucket"',
    '"resources.main.files" must be a string or a list of strings, neither empty',
    '"resources.main.perTest" must be reset, clone, rollback, file, none',
    '"resources.main.calls.put" must be a function',
    '"resources.main.admin.x" must be a function',
    expect.stringContaining('unknown option "resources.main.admin.x"') as string,
    '"resources.main.worker" must be the absolute path of a module',
  ])
})

test('what is to be reset or rolled back has to say how', () => {
  const create = () => ({})
  expect(flawsOf({ kind: 'x', create, perTest: 'reset' })).toEqual([
    '"resources.main" has perTest "reset", but no "reset"',
  ])
  expect(flawsOf({ kind: 'x', create, perTest: 'rollback' })).toEqual([
    '"resources.main" has perTest "rollback", but no "worker"',
  ])
})
