import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryDir, writeInto } from '../../fixtures/directories.js'
import { aTicket } from '../../fixtures/tickets.js'
import { TicketDir } from './ticket-dir.js'
import { ticketName } from './ticket.js'

const TICKET = aTicket(3, 2, { limit: 4 })
const UNUSABLE = expect.objectContaining({ code: 'HEDDLE_LOCK_DIR_UNUSABLE' })

describe('TicketDir', () => {
  test('a directory that does not exist has no tickets, and looking does not make it', () => {
    const path = join(temporaryDir(), 'queues', 'ledger')
    expect(new TicketDir(path).list()).toEqual([])
    expect(existsSync(path)).toBe(false)
  })

  test('a ticket is there from its creation to its removal', () => {
    const dir = new TicketDir(join(temporaryDir(), 'queues', 'ledger'))
    dir.create(TICKET, { test: 'closes the year' })
    expect(dir.list()).toEqual([TICKET])
    expect(dir.remove(TICKET)).toBe(true)
    expect(dir.list()).toEqual([])
    expect(dir.remove(TICKET)).toBe(false)
  })

  test('nobody else can read the directory and its tickets', () => {
    const dir = new TicketDir(join(temporaryDir(), 'ledger'))
    dir.create(TICKET, {})
    expect(statSync(dir.path).mode & 0o777).toBe(0o700)
    expect(statSync(join(dir.path, ticketName(TICKET))).mode & 0o777).toBe(0o600)
  })

  test('a directory that was removed is made again', () => {
    const dir = new TicketDir(join(temporaryDir(), 'ledger'))
    dir.create(TICKET, {})
    rmSync(dir.path, { recursive: true })
    expect(dir.list()).toEqual([])
    dir.create(TICKET, {})
    expect(dir.list()).toEqual([TICKET])
  })

  test('the same ticket is never created twice', () => {
    const dir = new TicketDir(temporaryDir())
    dir.create(TICKET, {})
    expect(() => dir.create(TICKET, {})).toThrow(UNUSABLE)
    expect(dir.list()).toEqual([TICKET])
  })

  test('files that are not tickets are ignored', () => {
    const dir = new TicketDir(temporaryDir())
    for (const name of ['.DS_Store', 'desktop.ini', 'Thumbs.db', '1_all_inf_OWNER_x', '1_0_inf_owner_x', 'ü'])
      writeInto(dir.path, name, 'whatever')
    mkdirSync(join(dir.path, 'directory'))
    dir.create(TICKET, {})
    expect(dir.list()).toEqual([TICKET])
  })

  test('a ticket that is marked as done does not count', () => {
    const dir = new TicketDir(temporaryDir())
    dir.create(TICKET, {})
    writeInto(dir.path, `${ticketName(TICKET)}~done`, '')
    expect(dir.list()).toEqual([])
  })

  test('a ticket that cannot be removed is marked as done', () => {
    const dir = new TicketDir(temporaryDir())
    writeInto(dir.path, `${ticketName(TICKET)}/file`, 'this directory cannot be unlinked')
    expect(dir.list()).toEqual([TICKET])
    expect(dir.remove(TICKET)).toBe(true)
    expect(dir.list()).toEqual([])
  })

  test('a ticket that can neither be removed nor marked is an error', () => {
    const dir = new TicketDir(temporaryDir())
    mkdirSync(join(dir.path, ticketName(TICKET)))
    mkdirSync(join(dir.path, `${ticketName(TICKET)}~done`))
    expect(() => dir.remove(TICKET)).toThrow(UNUSABLE)
  })

  test('a file in the place of the directory is an error that names it', () => {
    const path = writeInto(temporaryDir(), 'ledger', '')
    expect(() => new TicketDir(path).list()).toThrow(
      expect.objectContaining({ message: expect.stringContaining(path) }),
    )
    expect(() => new TicketDir(path).list()).toThrow(UNUSABLE)
    expect(() => new TicketDir(path).create(TICKET, {})).toThrow(UNUSABLE)
  })

  test('an empty directory is removed, with what marks have left', () => {
    const dir = new TicketDir(join(temporaryDir(), 'ledger'))
    dir.create(TICKET, {})
    writeInto(dir.path, `${ticketName(TICKET)}~done`, '')
    writeInto(dir.path, `${ticketName(aTicket(4, 1))}~done`, '')
    dir.removeIfEmpty()
    expect(existsSync(dir.path)).toBe(false)
    dir.removeIfEmpty()
  })

  test('a directory in use stays', () => {
    const dir = new TicketDir(temporaryDir())
    dir.create(TICKET, {})
    dir.removeIfEmpty()
    expect(dir.list()).toEqual([TICKET])
  })

  test('a mark whose ticket still cannot be removed stays', () => {
    const dir = new TicketDir(temporaryDir())
    mkdirSync(join(dir.path, ticketName(TICKET)))
    dir.remove(TICKET)
    dir.removeIfEmpty()
    expect(dir.list()).toEqual([])
    expect(readdirSync(dir.path)).toContain(`${ticketName(TICKET)}~done`)
  })

  test('tells the note of a ticket and since when it waits or holds', () => {
    const dir = new TicketDir(temporaryDir())
    dir.create(TICKET, { test: 'closes the year', pid: 7 })
    const file = join(dir.path, ticketName(TICKET))
    utimesSync(file, 1, 1)
    expect(dir.describe(TICKET)).toEqual({ changedAt: 1000, note: { test: 'closes the year', pid: 7 } })
    dir.markHeld(TICKET)
    expect(Date.now() - (dir.describe(TICKET).changedAt ?? 0)).toBeLessThan(60_000)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ test: 'closes the year', pid: 7 })
  })

  test('nothing is known of a ticket that has vanished, is a directory, or says nothing sensible', () => {
    const dir = new TicketDir(temporaryDir())
    expect(dir.describe(TICKET)).toEqual({ changedAt: undefined, note: {} })
    dir.markHeld(TICKET)
    expect(dir.list()).toEqual([])
    mkdirSync(join(dir.path, ticketName(TICKET)))
    expect(dir.describe(TICKET).note).toEqual({})
    const other = aTicket(9, 'all')
    writeFileSync(join(dir.path, ticketName(other)), '\0{]')
    expect(dir.describe(other)).toMatchObject({ changedAt: expect.any(Number), note: {} })
  })
})
