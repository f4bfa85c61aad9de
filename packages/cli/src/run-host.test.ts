import { setTimeout as sleep } from 'node:timers/promises'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runHost } from './run-host.js'
import { captureTerminal } from './testing/capture-terminal.js'
import { createTempWorkspace } from './testing/temp-workspace.js'

function hostOf(script: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const { dir, write } = createTempWorkspace()
  return { dir, command: { bin: write('host.cjs', script), args, env, progress: 'Asking …' } }
}

it('hands arguments, environment and directory on and collects all output', async () => {
  const script = 'console.log(process.argv.slice(2), process.env.EXTRA, process.cwd()); console.error("warned")'
  const { dir, command } = hostOf(script, ['a b', '--c'], { EXTRA: 'more' })
  const end = await runHost(command, captureTerminal(dir))
  expect(end.failure).toBeUndefined()
  expect(end.output).toContain(`[ 'a b', '--c' ] more ${dir}`)
  expect(end.output).toContain('warned')
})

it.each([
  ['code 3', 'process.exit(3)'],
  ['SIGKILL', 'process.kill(process.pid, "SIGKILL")'],
])('says that the host ended with %s', async (failure, script) => {
  const { dir, command } = hostOf(script)
  expect(await runHost(command, captureTerminal(dir))).toMatchObject({ failure })
})

it('shows on a terminal what it waits for, and takes it away', async () => {
  const { dir, command } = hostOf('')
  const terminal = captureTerminal(dir, { isTTY: true })
  await runHost(command, terminal)
  expect(terminal.err()).toBe('Asking …\r\u001B[2K')
  expect(terminal.out()).toBe('')
})

it('shows nothing elsewhere', async () => {
  const { dir, command } = hostOf('')
  const terminal = captureTerminal(dir)
  await runHost(command, terminal)
  expect(terminal.err()).toBe('')
})

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('asks the host to end on %s', async (signal, exitCode) => {
  const script = `
const { writeFileSync } = require('node:fs')
process.on('SIGTERM', () => { writeFileSync('heeded.txt', ''); process.exit() })
writeFileSync('pid.txt', String(process.pid))
setInterval(() => {}, 1000)`
  const { dir, command } = hostOf(script)
  const terminal = captureTerminal(dir)
  const pidFile = join(dir, 'pid.txt')
  const ended = expect(runHost(command, terminal)).rejects.toMatchObject({ exitCode })
  while (!existsSync(pidFile) || readFileSync(pidFile, 'utf8') === '') await sleep(10)
  terminal.signals.emit(signal, signal)
  await ended
  expect(existsSync(join(dir, 'heeded.txt'))).toBe(true)
  expect(() => process.kill(Number(readFileSync(pidFile, 'utf8')), 0)).toThrow('ESRCH')
})

it('kills a host that does not heed', async () => {
  const script =
    'process.on("SIGTERM", () => {}); require("fs").writeFileSync("pid.txt", "1"); setInterval(() => {}, 1000)'
  const { dir, command } = hostOf(script)
  const terminal = captureTerminal(dir)
  const ended = expect(runHost(command, terminal, 50)).rejects.toMatchObject({ exitCode: 130 })
  while (!existsSync(join(dir, 'pid.txt'))) await sleep(10)
  terminal.signals.emit('SIGINT', 'SIGINT')
  await ended
})

it('listens to signals only while the host runs', async () => {
  const { dir, command } = hostOf('')
  const terminal = captureTerminal(dir)
  const running = runHost(command, terminal)
  expect(terminal.signals.listenerCount('SIGINT')).toBe(1)
  await running
  expect(terminal.signals.listenerCount('SIGINT')).toBe(0)
})
