import type { FSWatcher } from 'node:fs'
import { join } from 'node:path'
import { closeSync, mkdirSync, openSync, utimesSync, wallClock, watch } from './captured.js'
import type { Owners } from './owners.js'
import { tryUnlink } from './try-unlink.js'

/**
 * How threads wake each other: whoever touches a thread's mailbox file wakes it at once. A lost letter costs a moment, never more:
 * waiters also look by themselves.
 */
export class Mailbox {
  readonly #dir: string
  readonly #owners: Owners
  readonly #onLetter: () => void
  #watcher: FSWatcher | undefined

  constructor(dir: string, owners: Owners, onLetter: () => void) {
    this.#dir = dir
    this.#owners = owners
    this.#onLetter = onLetter
  }

  /** Begins to listen, once. Where nothing can be watched (inotify limits, odd file systems), letters are lost. */
  open(): void {
    if (this.#watcher !== undefined) return
    try {
      mkdirSync(this.#dir, { recursive: true, mode: 0o700 })
      closeSync(openSync(this.#own, 'a', 0o600))
      this.#watcher = watch(this.#own, { persistent: false }, (event) => this.#hear(event))
      this.#watcher.on('error', () => this.#stop())
    } catch {
      this.#stop()
    }
  }

  send(owner: string): void {
    try {
      const now = wallClock() / 1000
      utimesSync(join(this.#dir, owner), now, now)
    } catch {
      // It has never waited, or is gone.
    }
  }

  close(): void {
    if (this.#watcher === undefined) return
    this.#stop()
    tryUnlink(this.#own)
  }

  get #own(): string {
    return join(this.#dir, this.#owners.self)
  }

  #hear(event: string): void {
    // The file was removed or replaced: the next wait makes another.
    if (event === 'rename') this.#stop()
    this.#onLetter()
  }

  #stop(): void {
    this.#watcher?.close()
    this.#watcher = undefined
  }
}
