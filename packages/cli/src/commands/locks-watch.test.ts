import { expect, it } from 'vitest'
import { main } from '../main.js'
import { captureTerminal, type CapturedTerminal } from '../testing/capture-terminal.js'
import { hold, LOCK_ENV } from '../testing/temp-locks.js'
import { createTempWorkspace } from '../testing/temp-workspace.js'

interface Watch {
  readonly terminal: CapturedTerminal
  readonly ended: Promise<number>
}

function watch(dir: string, args: readonly string[], isTTY = false): Watch {
  const terminal = captureTerminal(dir, { isTTY, env: { ...LOCK_ENV, NO_COLOR: '1' } })
  return { terminal, ended: main(['locks', '--watch', ...args], terminal) }
}

const PATIENCE = { timeout: 20_000 }

it('prints what is held after each change, until Ctrl-C', async () => {
  const { dir } = createTempWorkspace()
  const { terminal, ended } = watch(dir, [])
  await expect.poll(terminal.out, PATIENCE).toMatch(/^2026-03-14T12:00:00\.000Z\nNo lock is held: .*\n\n$/)
  const release = await hold(dir, 'ledger')
  await expect.poll(terminal.out, PATIENCE).toMatch(/holds .*exclusive.*\n\n$/)
  // Long enough for its age to change.
  await new Promise((resolve) => setTimeout(resolve, 1200))
  await release()
  await expect.poll(terminal.out, PATIENCE).toMatch(/holds .*\n\n2026.*\nNo lock is held.*\n\n$/)
  terminal.signals.emit('SIGINT', 'SIGINT')
  expect(await ended).toBe(130)
  expect(terminal.out().match(/^2026/gm)).toHaveLength(3)
  expect(terminal.err()).toBe('')
  expect(terminal.signals.listenerCount('SIGTERM')).toBe(0)
})

it('draws anew on a terminal, also as time passes', async () => {
  const { dir } = createTempWorkspace()
  await hold(dir, 'ledger')
  const { terminal, ended } = watch(dir, ['ledger'], true)
  await expect.poll(terminal.out, PATIENCE).toMatch(/holds +2 s/)
  terminal.signals.emit('SIGTERM', 'SIGTERM')
  expect(await ended).toBe(143)
  const pictures = terminal.out().split('\u001B[H\u001B[2J').slice(1)
  expect(pictures.length).toBeGreaterThan(1)
  expect(new Set(pictures).size).toBe(pictures.length)
  for (const picture of pictures) expect(picture).toMatch(/^"ledger", scope workspace\n[^"]*$/)
})

it('prints a line of JSON after each change, also on a terminal', async () => {
  const { dir } = createTempWorkspace()
  const { terminal, ended } = watch(dir, ['--json'], true)
  await expect.poll(terminal.out, PATIENCE).toBe('[]\n')
  await hold(dir, 'ledger')
  await expect.poll(terminal.out, PATIENCE).toMatch(/^\[\]\n\[\{"id".*"name":"ledger".*\}\]\n$/)
  terminal.signals.emit('SIGINT', 'SIGINT')
  expect(await ended).toBe(130)
})

it('ends when nobody reads it any more', async () => {
  const { dir } = createTempWorkspace()
  const terminal = captureTerminal(dir, { env: LOCK_ENV })
  let isRead = true
  const stdout = {
    write: () => (isRead = false),
    get isRead() {
      return isRead
    },
  }
  expect(await main(['locks', '--watch'], { ...terminal, stdout })).toBe(0)
})
