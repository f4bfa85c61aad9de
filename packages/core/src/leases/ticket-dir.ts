import { join } from 'node:path'
import { codeOf, reasonOf } from '../errors.js'
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  unlinkSync,
  utimesSync,
  wallClock,
  writeSync,
} from './captured.js'
import { unusable } from './lock-dir.js'
import { parseTicketName, ticketName, type Ticket } from './ticket.js'
import { formatNote, parseNote, type TicketNote } from './ticket-note.js'

/** Marks a ticket as given back where its file could not be removed (Windows, while a virus scanner reads it). */
const DONE = '~done'

const MAX_NOTE_BYTES = 1e6

/** The tickets of one resource. */
export class TicketDir {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** @throws HeddleError `HEDDLE_LOCK_DIR_UNUSABLE` */
  list(): Ticket[] {
    const names = this.#names()
    const done = new Set(names.filter((name) => name.endsWith(DONE)).map((name) => name.slice(0, -DONE.length)))
    return names.flatMap((name) => (done.has(name) ? [] : (parseTicketName(name) ?? [])))
  }

  /** @throws HeddleError `HEDDLE_LOCK_DIR_UNUSABLE` */
  create(ticket: Ticket, note: TicketNote): void {
    const file = join(this.path, ticketName(ticket))
    try {
      writeNote(this.#openNew(file), note)
    } catch (error) {
      throw unusable(this.path, reasonOf(error), error)
    }
  }

  /** @returns whether it was there */
  remove(ticket: Ticket): boolean {
    const file = join(this.path, ticketName(ticket))
    try {
      unlinkSync(file)
      return true
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false
      return this.#markDone(file, error)
    }
  }

  /** Notes that the ticket's turn has come; before, the file's time is that of its creation. */
  markHeld(ticket: Ticket): void {
    const now = wallClock() / 1000
    try {
      utimesSync(join(this.path, ticketName(ticket)), now, now)
    } catch {
      // Only people read it.
    }
  }

  /** What is known of a ticket beyond its name; nothing of it is certain. */
  describe(ticket: Ticket): { readonly note: TicketNote; readonly changedAt: number | undefined } {
    const file = join(this.path, ticketName(ticket))
    try {
      const stats = statSync(file)
      // A pipe, or a link to a device, would be read for ever.
      const isNote = stats.isFile() && stats.size <= MAX_NOTE_BYTES
      return { changedAt: stats.mtimeMs, note: isNote ? parseNote(readFileSync(file, 'utf8')) : {} }
    } catch {
      return { changedAt: undefined, note: {} }
    }
  }

  /** Removes the directory if nobody uses it; joiners make it anew. */
  removeIfEmpty(): void {
    try {
      for (const name of this.#names()) if (name.endsWith(DONE)) this.#removeDone(name)
      rmdirSync(this.path)
    } catch {
      // In use.
    }
  }

  #names(): string[] {
    try {
      return readdirSync(this.path)
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return []
      throw unusable(this.path, reasonOf(error), error)
    }
  }

  /** The directory is made when it is missed: it may be removed again at any moment while it is empty. */
  #openNew(file: string): number {
    for (let attempt = 0; ; attempt++) {
      try {
        return openSync(file, 'wx', 0o600)
      } catch (error) {
        if (codeOf(error) !== 'ENOENT' || attempt === 100) throw error
        mkdirSync(this.path, { recursive: true, mode: 0o700 })
      }
    }
  }

  #markDone(file: string, cause: unknown): true {
    try {
      closeSync(openSync(file + DONE, 'w', 0o600))
      return true
    } catch {
      throw unusable(this.path, reasonOf(cause), cause)
    }
  }

  #removeDone(marker: string): void {
    const ticket = join(this.path, marker.slice(0, -DONE.length))
    try {
      unlinkSync(ticket)
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') return
    }
    unlinkSync(join(this.path, marker))
  }
}

/** The name of the file decides; a full disk costs only the explanation. */
function writeNote(fd: number, note: TicketNote): void {
  try {
    writeSync(fd, formatNote(note))
  } catch {
    // Said above.
  } finally {
    closeSync(fd)
  }
}
