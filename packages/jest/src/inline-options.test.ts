import { afterEach, expect, test } from 'vitest'
import { projectConfig } from '../fixtures/host.js'
import { inlineOptionsOf, OPTIONS_GLOBAL } from './inline-options.js'
import { processState } from './process-state.js'

const plain = projectConfig()
const silent = projectConfig({ globals: { [OPTIONS_GLOBAL]: { silent: true } } })
const host = projectConfig({ globals: { [OPTIONS_GLOBAL]: { order: 'host' } } })

afterEach(() => {
  delete processState().rootOptions
})

test('there are none by default', () => {
  expect(inlineOptionsOf([])).toEqual({})
  expect(inlineOptionsOf([plain])).toEqual({})
})

test('what all projects carry counts, whatever another config of this process said', () => {
  processState().rootOptions = { order: 'host' }
  expect(inlineOptionsOf([silent, silent])).toEqual({ silent: true })
})

test('projects given as paths carry nothing: the root config counts', () => {
  processState().rootOptions = { order: 'host' }
  expect(inlineOptionsOf([plain, plain])).toEqual({ order: 'host' })
  expect(inlineOptionsOf([])).toEqual({ order: 'host' })
})

test('the root config counts where projects disagree, even if it has no options', () => {
  processState().rootOptions = {}
  expect(inlineOptionsOf([silent, host, plain])).toEqual({})
})

test('without a root config the first project that has options counts', () => {
  expect(inlineOptionsOf([plain, silent, host])).toEqual({ silent: true })
})
