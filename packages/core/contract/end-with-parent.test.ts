import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const WORKER = `
  const { endWithParent } = require('@heddle/core/serial')
  endWithParent(() => process.exit(7))
  process.on('message', () => undefined)
  process.send('ready')
  setTimeout(() => process.exit(0), 60_000)
`

test('a worker ends when the process that it can talk to is gone, in its own way', async () => {
  const child = spawn(process.execPath, ['-e', WORKER], {
    cwd: join(__dirname, '..'),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  child.disconnect()
  expect(await once(child, 'exit')).toEqual([7, null])
})

test('a process that nobody has started to talk to it goes on', async () => {
  const code = `require('@heddle/core/serial').endWithParent(() => process.exit(7)); setTimeout(() => process.exit(0), 600)`
  const child = spawn(process.execPath, ['-e', code], { cwd: join(__dirname, '..'), stdio: 'inherit' })
  expect(await once(child, 'exit')).toEqual([0, null])
})
