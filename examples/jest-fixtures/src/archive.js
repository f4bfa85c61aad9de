const { mkdir, readdir, readFile, writeFile } = require('node:fs/promises')
const { join } = require('node:path')

/** Keeps orders as files in a directory. */
class Archive {
  #dir

  constructor(dir) {
    this.#dir = dir
  }

  async add(order) {
    await mkdir(this.#dir, { recursive: true })
    await writeFile(join(this.#dir, `${order.id}.json`), JSON.stringify(order))
  }

  async all() {
    const names = await readdir(this.#dir)
    return Promise.all(names.sort().map(async (name) => JSON.parse(await readFile(join(this.#dir, name), 'utf8'))))
  }
}

module.exports = { Archive }
