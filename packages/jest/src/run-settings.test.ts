import { expect, test } from 'vitest'
import { readRunSettings, writeRunSettings } from './run-settings.js'

test('workers read what the main process wrote', () => {
  const env = {}
  expect(readRunSettings(env)).toBeUndefined()
  const settings = { circus: '/jest/circus.js', workspace: '/re po', runId: 'one', pid: 7 }
  writeRunSettings(settings, env)
  expect(readRunSettings(env)).toEqual(settings)
})
