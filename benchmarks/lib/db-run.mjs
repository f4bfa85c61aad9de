import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { RunFixtures } from '@heddle/core/run-fixtures'

const WORKER = fileURLToPath(new URL('db-worker.mjs', import.meta.url))

/** A run with resources in this process, and a worker in another: the whole way that a test's database takes. */
export class DbRun {
  #run
  #worker
  #waiting = new Map()
  #count = 0
  #slots

  #root
  #resources

  /** @param resources by name; each gets a slot of its own */
  constructor(root, resources) {
    this.#root = root
    this.#resources = resources
    this.#slots = new Map(Object.keys(resources).map((name, i) => [name, i + 1]))
  }

  /** The worker is there before the run begins: how long hosts take for that is another question. */
  async begin() {
    this.#worker = fork(WORKER, { serialization: 'advanced' })
    const isThere = new Promise((resolve, reject) => this.#waiting.set(0, { resolve, reject }))
    this.#worker.on('message', (answer) => this.#take(answer))
    await isThere
    const print = (line) => console.error(line)
    const fixtures = { keepTempDirs: 'never', envGuard: 'off', prefix: false, ports: [20_000, 29_999] }
    const runId = `bench-${process.pid}-${Date.now()}`
    const options = { ...fixtures, resources: this.#resources }
    this.#run = new RunFixtures({ root: this.#root, runId, options, print })
    this.#run.begin()
    return this
  }

  /** Does one test on a resource. @param lastsMs how long it waits besides its work */
  test(name, lastsMs = 0) {
    const id = ++this.#count
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#worker.send({ id, settings: this.#run.settings, name, slot: this.#slots.get(name), lastsMs })
    })
  }

  #take({ id, times, problem }) {
    const { resolve, reject } = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (problem === undefined) resolve(times)
    else reject(new Error(problem))
  }

  async close() {
    const exit = new Promise((resolve) => this.#worker.once('exit', resolve))
    this.#worker.disconnect()
    await exit
    await this.#run.close({ hasFailed: false })
  }
}
