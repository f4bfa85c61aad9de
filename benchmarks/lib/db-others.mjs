import { Client } from 'pg'
import { doTest, MIGRATIONS, TRUNCATE_SQL } from './db-schema.mjs'

/** Other ways to a clean database for every test, on the same server, by hand. */
export class OtherWays {
  #url
  #admin
  #prefix = `hdlbench_${process.pid}`
  #count = 0
  #shared
  #copy = ''

  constructor(url) {
    this.#url = url
  }

  async open() {
    this.#admin = await this.#connect(undefined)
    const { rows } = await this.#admin.query(
      `select current_setting('fsync') as fsync, current_setting('server_version_num')::int as version`,
    )
    // The cheaper one on each kind of server.
    if (rows[0].version >= 150_000) this.#copy = rows[0].fsync === 'on' ? 'strategy wal_log' : 'strategy file_copy'
    await this.#migrate(`${this.#prefix}_template`)
    await this.#clone(`${this.#prefix}_shared`)
    this.#shared = await this.#connect(`${this.#prefix}_shared`)
  }

  /** @returns ms to empty and fill again what a test has used */
  async truncate() {
    return timed(
      () => this.#shared.query(TRUNCATE_SQL),
      () => doTest(this.#shared),
    )
  }

  /** @returns ms to make a database, to connect to it, and to drop it */
  async cloneAndDrop() {
    const name = this.#name()
    const startedAt = performance.now()
    await this.#clone(name)
    const client = await this.#connect(name)
    const bodyAt = performance.now()
    await doTest(client)
    const doneAt = performance.now()
    await client.end()
    await this.#drop(name)
    return bodyAt - startedAt + (performance.now() - doneAt)
  }

  /**
   * One of databases that are ready; the work of making them is not counted.
   *
   * @returns ms to connect to it, and to do all of the test, in a session that knows nothing yet
   */
  async takeFromPool() {
    const name = this.#name()
    await this.#clone(name)
    const startedAt = performance.now()
    const client = await this.#connect(name)
    await client.query('select count(*) from t0')
    const connectedAt = performance.now()
    await doTest(client)
    const doneAt = performance.now()
    await client.end()
    await this.#drop(name)
    return { connect: connectedAt - startedAt, whole: doneAt - startedAt }
  }

  /** @returns ms to make a database for a worker by migrating */
  async migrate() {
    return this.#once((name) => this.#migrate(name))
  }

  /** @returns ms to make one from the template */
  async clone() {
    return this.#once((name) => this.#clone(name))
  }

  async close() {
    await this.#shared?.end()
    for (const name of ['template', 'shared']) await this.#drop(`${this.#prefix}_${name}`)
    await this.#admin.end()
  }

  async #once(make) {
    const name = this.#name()
    const startedAt = performance.now()
    await make(name)
    const ms = performance.now() - startedAt
    await this.#drop(name)
    return ms
  }

  async #migrate(name) {
    await this.#admin.query(`create database ${name}`)
    const client = await this.#connect(name)
    for (const sql of MIGRATIONS) await client.query(sql)
    await client.end()
  }

  async #clone(name) {
    await this.#admin.query(`create database ${name} template ${this.#prefix}_template ${this.#copy}`)
  }

  async #drop(name) {
    await this.#admin.query(`drop database if exists ${name} with (force)`)
  }

  async #connect(name) {
    const url = new URL(this.#url)
    if (name !== undefined) url.pathname = `/${name}`
    const client = new Client({ connectionString: url.href })
    client.on('error', () => undefined)
    await client.connect()
    return client
  }

  #name() {
    return `${this.#prefix}_${++this.#count}`
  }
}

/** @param first what comes before, and is not counted, so that the next one has something to do */
async function timed(run, first) {
  await first()
  const startedAt = performance.now()
  await run()
  return performance.now() - startedAt
}
