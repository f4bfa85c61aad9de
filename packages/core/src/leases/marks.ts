import { join } from 'node:path'
import { codeOf, reasonOf } from '../errors.js'
import type { Participant, ResourceStatus } from './backend.js'
import { lstatSync, mkdirSync, readdirSync, unlinkSync, wallClock } from './captured.js'
import { unusable } from './lock-dir.js'
import { DRAFT, markFileOf, type MarkFile } from './mark-file.js'
import { pidOf, type Owners } from './owners.js'
import { tryUnlink } from './try-unlink.js'

/**
 * Names that are taken on this machine, one file each, which the file system makes only once. Nobody waits for one, so there
 * is no queue. Owners remove their own; those of the dead are removed by who is alone in doing so.
 */
export class Marks {
  readonly #dir: string
  readonly #owners: Owners
  readonly #file: MarkFile
  readonly #own = new Set<string>()

  constructor(dir: string, owners: Owners, platform = process.platform) {
    this.#dir = dir
    this.#owners = owners
    this.#file = markFileOf(platform)
  }

  /** @returns whether it was free @throws HeddleError `HEDDLE_LOCK_DIR_UNUSABLE` */
  put(name: string): boolean {
    for (let attempt = 0; ; attempt++) {
      try {
        this.#file.create(join(this.#dir, name), this.#owners.self)
        this.#own.add(name)
        return true
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return false
        if (codeOf(error) !== 'ENOENT' || attempt === 1) throw unusable(this.#dir, reasonOf(error), error)
        mkdirSync(this.#dir, { recursive: true, mode: 0o700 })
      }
    }
  }

  /** Gives an own name back. @throws HeddleError `HEDDLE_LOCK_DIR_UNUSABLE` */
  remove(name: string): void {
    if (!this.#own.delete(name) || this.#ownerOf(name) !== this.#owners.self) return
    try {
      unlinkSync(join(this.#dir, name))
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw unusable(this.#dir, reasonOf(error), error)
    }
  }

  /** Whether the owner of a name has gone without giving it back. */
  isOfDead(name: string): boolean {
    const owner = this.#ownerOf(name)
    return owner !== undefined && this.#owners.stateOf(owner) === 'gone'
  }

  hasDead(): boolean {
    return this.#names().some((name) => this.isOfDead(name))
  }

  /** Removes those of the dead. Only for who is alone in doing so. */
  sweep(): void {
    for (const name of this.#names()) if (this.isOfDead(name)) tryUnlink(join(this.#dir, name))
  }

  /** Who has which name. The dead are not shown. */
  status(): ResourceStatus[] {
    return this.#names().flatMap((name) => this.#statusOf(name) ?? [])
  }

  /** Takes a name away from who has it. @returns who had it */
  break(name: string): readonly Participant[] {
    const holders = this.#statusOf(name)?.holders ?? []
    if (holders.length > 0) tryUnlink(join(this.#dir, name))
    return holders
  }

  /** Gives all own names back. */
  close(): void {
    for (const name of this.#own) if (this.#ownerOf(name) === this.#owners.self) tryUnlink(join(this.#dir, name))
    this.#own.clear()
  }

  #statusOf(name: string): ResourceStatus | undefined {
    const owner = name.includes(DRAFT) ? undefined : this.#ownerOf(name)
    const state = owner === undefined ? 'gone' : this.#owners.stateOf(owner)
    if (owner === undefined || state === 'gone') return undefined
    const unknown = { file: undefined, test: undefined, run: undefined, cwd: undefined }
    const holder = { ...unknown, pid: pidOf(owner), state, permits: 'all', forMs: this.#ageOf(name) } as const
    return { id: name, name, scope: 'machine', limit: Infinity, holders: [holder], waiters: [] }
  }

  #ageOf(name: string): number | undefined {
    try {
      return Math.max(0, wallClock() - lstatSync(join(this.#dir, name)).mtimeMs)
    } catch {
      return undefined
    }
  }

  #names(): string[] {
    try {
      return readdirSync(this.#dir)
    } catch {
      return []
    }
  }

  /** Undefined if it is free by now, or nothing of ours. */
  #ownerOf(name: string): string | undefined {
    const [, draftOf] = name.split(DRAFT)
    if (draftOf !== undefined) return draftOf
    try {
      return this.#file.read(join(this.#dir, name))
    } catch {
      return undefined
    }
  }
}
