import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Order {
  readonly id: string
  readonly article: string
}

/** Keeps orders as files in a directory. */
export class Archive {
  readonly #dir: string

  constructor(dir: string) {
    this.#dir = dir
  }

  async add(order: Order): Promise<void> {
    await mkdir(this.#dir, { recursive: true })
    await writeFile(join(this.#dir, `${order.id}.json`), JSON.stringify(order))
  }

  async all(): Promise<Order[]> {
    const names = await readdir(this.#dir)
    return Promise.all(
      names.sort().map(async (name) => JSON.parse(await readFile(join(this.#dir, name), 'utf8')) as Order),
    )
  }
}
