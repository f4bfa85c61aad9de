import { expect, test } from 'vitest'
import { enterVariables, tellVariables } from './prepared-variables.js'
import { readRunSettings, writeRunSettings } from './run-settings.js'

const SETTINGS = { circus: '/circus.js', workspace: '/repo', runId: 'r', pid: process.pid + 1 }
const VARIABLES = new Map([
  [1, { DATABASE_URL: 'one' }],
  [2, { DATABASE_URL: 'two' }],
])

/** What a worker has that was started with what the main process has told. */
function worker(id: string | undefined, settings = SETTINGS): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {}
  writeRunSettings(settings, env)
  tellVariables(VARIABLES, env)
  if (id !== undefined) env['JEST_WORKER_ID'] = id
  enterVariables(readRunSettings(env), env)
  return env
}

test('a worker has the variables of its slot, and no others', () => {
  expect(worker('1')['DATABASE_URL']).toBe('one')
  expect(worker('2')['DATABASE_URL']).toBe('two')
  expect(worker('3')).not.toHaveProperty('DATABASE_URL')
  expect(readRunSettings(worker('2'))).toMatchObject(SETTINGS)
})

test('the main process keeps its own', () => {
  expect(worker('1', { ...SETTINGS, pid: process.pid })).not.toHaveProperty('DATABASE_URL')
})

test('where nothing was told, nothing is set', () => {
  const env: NodeJS.ProcessEnv = {}
  tellVariables(VARIABLES, env)
  enterVariables(readRunSettings(env), env)
  expect(env).toEqual({})
})
