import { closeSync, openSync, readSync } from 'node:fs'
import { processOf } from './lease-referee.js'

const LINE = 128

/** Follows the log: how many have begun, and which processes are inside. */
export class LogTail {
  begun = 0
  readonly inside = new Set<string>()
  readonly #fd: number
  readonly #buffer = Buffer.alloc(LINE * 4096)
  #position = 0

  constructor(file: string) {
    this.#fd = openSync(file, 'r')
  }

  read(): void {
    for (;;) {
      const bytes = readSync(this.#fd, this.#buffer, 0, this.#buffer.length, this.#position)
      if (bytes === 0) return
      this.#position += bytes
      for (const line of this.#buffer.toString('latin1', 0, bytes).split('\n')) this.#take(line)
    }
  }

  close(): void {
    closeSync(this.#fd)
  }

  #take(line: string): void {
    const [, event, actor = ''] = line.split(' ')
    if (event === 'begin') {
      this.begun++
      this.inside.add(processOf(actor))
    }
    if (event === 'end' || event === 'exit') this.inside.delete(processOf(actor))
  }
}
