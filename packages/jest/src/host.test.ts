import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectConfig, tempDir } from '../fixtures/host.js'
import { hostVersion, isCold, isWorkerCrash, stockRunner, stockSequencer } from './host.js'

describe('the host', () => {
  test('is found from the working directory where none is loaded', () => {
    expect(hostVersion()).toMatch(/^\d+\.\d+\.\d+/)
    expect(stockRunner().file).toMatch(/jest-runner/)
    expect(typeof stockRunner().Runner.prototype.runTests).toBe('function')
    expect(typeof stockSequencer().prototype.sort).toBe('function')
  })
})

describe('isCold', () => {
  const cacheDirectory = tempDir()
  mkdirSync(join(cacheDirectory, 'jest-transform-cache-beef-d41d8'))
  const compiled = { transform: [['\\.ts$', '/ts.js', {}]], cacheDirectory }
  const warm = projectConfig({ ...compiled, id: 'beef' })
  const cold = projectConfig({ ...compiled, id: 'bee' })

  test('a run is cold if none of its projects has a transform cache', () => {
    expect(isCold([cold])).toBe(true)
    expect(isCold([projectConfig({ ...compiled, cacheDirectory: join(cacheDirectory, 'none') })])).toBe(true)
    expect(isCold([warm])).toBe(false)
    expect(isCold([warm, cold])).toBe(false)
  })

  test('a run without a cache is always cold', () => {
    expect(isCold([projectConfig({ ...warm, cache: false })])).toBe(true)
  })

  test('a run that compiles nothing is never cold', () => {
    expect(isCold([projectConfig({ cacheDirectory })])).toBe(false)
    expect(isCold([])).toBe(false)
  })
})

describe('isWorkerCrash', () => {
  test.each([
    'Jest worker encountered 4 child process exceptions, exceeding retry limit',
    'Jest worker ran out of memory and crashed',
    'A jest worker process (pid=7) was terminated by another process: signal=SIGKILL, exitCode=null.',
    'A jest worker process (pid=7) crashed for an unknown reason: exitCode=0',
    'A Jest worker thread exited unexpectedly before finishing tests for an unknown reason.',
  ])('%s', (message) => {
    expect(isWorkerCrash(new Error(message))).toBe(true)
  })

  test('an error of the file itself is none', () => {
    expect(isWorkerCrash({ type: 'Error', message: 'Cannot find module "jest worker"', stack: '' })).toBe(false)
    expect(isWorkerCrash(new SyntaxError('Unexpected token'))).toBe(false)
    expect(isWorkerCrash(undefined)).toBe(false)
    expect(isWorkerCrash('Error')).toBe(false)
  })

  test('the type of jest-worker is one, whatever the message', () => {
    expect(isWorkerCrash({ type: 'WorkerError', message: 'Call retries were exceeded' })).toBe(true)
  })
})
