import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryDir } from '../../fixtures/directories.js'
import { ResourceClient } from './resource-client.js'

test('whoever asks when the main process has gone is told at once', async () => {
  const { pid: mainPid } = spawnSync(process.execPath, ['-e', ''])
  const socket = join(temporaryDir(), 's')
  await expect(ResourceClient.connect({ socket, mainPid })).rejects.toMatchObject({
    code: 'HEDDLE_RESOURCE_FAILED',
    message: expect.stringContaining('Cannot ask for resources: the main process of the run') as string,
  })
})

test('one that does not answer is waited for, but not for ever', async () => {
  const socket = join(temporaryDir(), 's')
  const address = { socket, mainPid: process.pid }
  await expect(ResourceClient.connect(address, 50)).rejects.toThrow(`does not answer at "${socket}"`)
  const connecting = ResourceClient.connect(address)
  const server = createServer().listen(socket)
  onTestFinished(() => void server.close())
  const [[connection], client] = await Promise.all([once(server, 'connection'), connecting])
  expect(client.isClosed).toBe(false)
  const asked = client.ask('close', undefined, 'end "a.test.ts"')
  ;(connection as { destroy: () => void }).destroy()
  await expect(asked).rejects.toThrow(
    'Cannot end "a.test.ts": the main process of the run, which has the resources, has gone',
  )
  await expect(client.ask('close', undefined, 'end it')).rejects.toThrow('Cannot end it: the main process')
})
