import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { StoppedWorkers } from './stopped-worker.js'

test('kills the worker and says why its file failed, once', async () => {
  const worker = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'])
  await once(worker, 'spawn')
  const stopped = new StoppedWorkers()
  stopped.stop({ path: '/a.test.js', test: 'hangs', pid: worker.pid ?? 0 })
  expect(await once(worker, 'exit')).toEqual([null, 'SIGKILL'])
  const crash = new Error('A jest worker process was terminated')
  expect(stopped.explain('/b.test.js', crash)).toBe(crash)
  expect(stopped.explain('/a.test.js', crash)).toMatchObject({
    type: 'WorkerError',
    message: expect.stringContaining('"hangs" has timed out, and its worker was stopped') as unknown,
  })
  expect(stopped.explain('/a.test.js', crash)).toBe(crash)
})

test('a worker that is gone already is no error', async () => {
  const worker = spawn(process.execPath, ['--eval', ''])
  await once(worker, 'exit')
  expect(() => new StoppedWorkers().stop({ path: '/a', test: 'x', pid: worker.pid ?? 0 })).not.toThrow()
})
