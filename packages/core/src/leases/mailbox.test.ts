import { existsSync, readdirSync, rmSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { temporaryDir, writeInto } from '../../fixtures/directories.js'
import { Mailbox } from './mailbox.js'
import type { Owners, OwnerState } from './owners.js'

function owners(self: string, states: Readonly<Record<string, OwnerState>> = {}): Owners {
  return { self, stateOf: (owner) => states[owner] ?? 'running', sweep: () => undefined, close: () => undefined }
}

/** A mailbox that counts its letters. */
function mailboxOf(dir: string, self: string, states: Readonly<Record<string, OwnerState>> = {}) {
  const letters = vi.fn<() => void>()
  const mailbox = new Mailbox(dir, owners(self, states), letters)
  onTestFinished(() => mailbox.close())
  return { mailbox, letters }
}

/** Letters are not kept, so it writes until one arrives. */
async function exchange(sender: Mailbox, receiver: string, letters: () => void): Promise<void> {
  await vi.waitFor(
    () => {
      sender.send(receiver)
      expect(letters).toHaveBeenCalled()
    },
    { timeout: 20_000, interval: 20 },
  )
}

describe('Mailbox', () => {
  test('a letter arrives at its receiver alone', async () => {
    const dir = join(temporaryDir(), 'mail')
    const [a, b, c] = [mailboxOf(dir, 'a'), mailboxOf(dir, 'b'), mailboxOf(dir, 'c')]
    b.mailbox.open()
    c.mailbox.open()
    await exchange(a.mailbox, 'b', b.letters)
    expect(c.letters).not.toHaveBeenCalled()
    expect(a.letters).not.toHaveBeenCalled()
  })

  test('a letter to somebody without a mailbox is lost without an error, and makes no mailbox', () => {
    const dir = join(temporaryDir(), 'mail')
    const { mailbox } = mailboxOf(dir, 'a')
    mailbox.send('b')
    expect(existsSync(dir)).toBe(false)
    mailbox.open()
    mailbox.send('b')
    expect(readdirSync(dir)).toEqual(['a'])
  })

  test('opening twice listens once', () => {
    const dir = temporaryDir()
    const { mailbox } = mailboxOf(dir, 'a')
    mailbox.open()
    unlinkSync(join(dir, 'a'))
    mailbox.open()
    expect(readdirSync(dir)).toEqual([])
  })

  test('a mailbox that was removed is told about and made again when it is opened next', async () => {
    const dir = temporaryDir()
    const [a, b] = [mailboxOf(dir, 'a'), mailboxOf(dir, 'b')]
    b.mailbox.open()
    rmSync(join(dir, 'b'))
    await vi.waitFor(
      () => {
        b.mailbox.open()
        expect(existsSync(join(dir, 'b'))).toBe(true)
      },
      { timeout: 20_000 },
    )
    b.letters.mockClear()
    await exchange(a.mailbox, 'b', b.letters)
  })

  test('closing removes the mailbox, and letters arrive no more', async () => {
    const dir = temporaryDir()
    const [a, b, c] = [mailboxOf(dir, 'a'), mailboxOf(dir, 'b'), mailboxOf(dir, 'c')]
    b.mailbox.open()
    c.mailbox.open()
    b.mailbox.close()
    b.mailbox.close()
    expect(readdirSync(dir)).toEqual(['c'])
    a.mailbox.send('b')
    await exchange(a.mailbox, 'c', c.letters)
    expect(b.letters).not.toHaveBeenCalled()
  })

  test('a mailbox that was never opened does not remove another with its name', () => {
    const dir = temporaryDir()
    writeInto(dir, 'a', '')
    mailboxOf(dir, 'a').mailbox.close()
    expect(readdirSync(dir)).toEqual(['a'])
  })

  test('where nothing can be watched, opening, sending and closing still do no harm', () => {
    const dir = writeInto(temporaryDir(), 'mail', 'a file in the place of the directory')
    const { mailbox, letters } = mailboxOf(dir, 'a')
    mailbox.open()
    mailbox.send('a')
    mailbox.open()
    mailbox.close()
    expect(letters).not.toHaveBeenCalled()
  })
})
