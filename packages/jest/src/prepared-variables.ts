import { isMainThread } from 'node:worker_threads'
import type { EnvBySlot } from '@heddle/core/run-fixtures'
import { readRunSettings, writeRunSettings, type RunSettings } from './run-settings.js'

/**
 * Tells workers that are about to start which variables they will have: Jest runs the modules of `setupFiles` before it
 * calls any test runner.
 */
export function tellVariables(variables: EnvBySlot, env = process.env): void {
  const settings = readRunSettings(env)
  if (settings !== undefined) writeRunSettings({ ...settings, variables: Object.fromEntries(variables) }, env)
}

/**
 * Sets them in a worker. Jest loads its test runner before it makes the environment of the first file, which copies them. In
 * band the main process does it.
 */
export function enterVariables(settings: RunSettings | undefined, env = process.env): void {
  if (settings === undefined || (settings.pid === process.pid && isMainThread)) return
  Object.assign(env, settings.variables?.[env['JEST_WORKER_ID'] ?? '1'])
}
