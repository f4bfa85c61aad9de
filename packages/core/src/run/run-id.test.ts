import { expect, test } from 'vitest'
import { identifyRun } from './run-id.js'

test('outside CI every run has an id of its own', () => {
  const [one, other] = [identifyRun({}), identifyRun({ CI: 'true' })]
  expect(one).toEqual({ runId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, isPipeline: false })
  expect(one.runId).not.toBe(other.runId)
})

test.each([
  'GITHUB_RUN_ID',
  'CI_PIPELINE_ID',
  'CIRCLE_WORKFLOW_ID',
  'BUILDKITE_BUILD_ID',
  'BITBUCKET_PIPELINE_UUID',
  'BUILD_BUILDID',
  'BUILD_TAG',
])('%s names the pipeline', (variable) => {
  expect(identifyRun({ [variable]: '42' })).toEqual({ runId: '42', isPipeline: true })
})

test('HEDDLE_RUN_ID wins over what the CI system sets', () => {
  expect(identifyRun({ GITHUB_RUN_ID: '1', HEDDLE_RUN_ID: '2' }).runId).toBe('2')
})

test('an empty variable names nothing', () => {
  expect(identifyRun({ HEDDLE_RUN_ID: '', GITHUB_RUN_ID: '7' })).toEqual({ runId: '7', isPipeline: true })
  expect(identifyRun({ GITHUB_RUN_ID: '' }).isPipeline).toBe(false)
})

test('a run that a test starts is not the run of the test', () => {
  const env = { HEDDLE_RUN_ID: 'outer', HEDDLE_SLOT: '1' }
  expect(identifyRun(env)).toMatchObject({ isPipeline: false })
  expect(identifyRun(env).runId).not.toBe('outer')
  expect(identifyRun({ ...env, GITHUB_RUN_ID: '7' })).toEqual({ runId: '7', isPipeline: true })
})
