import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runKey } from '../src/common/names.js'
import { readHeldKeys } from '../src/postgres/held-keys.js'
import { lockKey } from '../src/postgres/lock-key.js'
import { missingServer, PostgresScene, SERVER_URL } from './postgres-scene.js'

/** A way to the server that can be cut, and be mended. */
class Way {
  readonly url: string
  readonly #sockets = new Set<Socket>()
  readonly #port: number
  #server: Server | undefined

  private constructor(port: number, server: Server) {
    const url = new URL(SERVER_URL)
    url.hostname = '127.0.0.1'
    url.port = String(port)
    this.url = url.href
    this.#port = port
    this.#use(server)
  }

  static async open(): Promise<Way> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const way = new Way(typeof address === 'object' && address !== null ? address.port : 0, server)
    onTestFinished(() => way.cut())
    return way
  }

  async cut(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server?.close(resolve))
  }

  async mend(): Promise<void> {
    const server = createServer()
    this.#use(server)
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve))
  }

  #use(server: Server): void {
    this.#server = server
    const to = new URL(SERVER_URL)
    server.on('connection', (near) => {
      const far = connect(Number(to.port), decodeURIComponent(to.hostname))
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket)
        socket
          .on('error', () => {})
          .on('close', () => {
            this.#sockets.delete(socket)
            other.destroy()
          })
        socket.pipe(other)
      }
    })
  }
}

describe.skipIf(missingServer !== undefined)(
  `a server that goes in the middle and comes back${missingServer ?? ''}`,
  () => {
    test('fails what was under way, with words, and serves what comes later', async () => {
      const way = await Way.open()
      const scene = new PostgresScene()
      const run = await scene.open({ url: way.url })
      const instance = await run.create(1)
      await run.rows(instance, "insert into users (email) values ('x')")
      const underWay = expect(run.rows(instance, 'select pg_sleep(20)')).rejects.toThrow(
        /^HEDDLE_RESOURCE_FAILED: Cannot go on in postgres:.* for resource "main": the connection was lost\nFix: /,
      )
      await delay(100)
      await way.cut()
      await underWay
      const resetting = run.reset(instance)
      await delay(300)
      await way.mend()
      await resetting
      expect(await run.rows(instance, 'select * from users')).toEqual([])
      await run.rows(instance, 'alter table users add column y int')
      expect((await run.reset(instance)).notice).toContain('made anew')
      await run.end()
      expect(run.printed).toEqual([])
    })

    test('that never comes back is given up in time for the run to end', { timeout: 60_000 }, async () => {
      const way = await Way.open()
      const scene = new PostgresScene()
      const run = await scene.open({ url: way.url })
      const instance = await run.create(1)
      await way.cut()
      await expect(run.destroy(instance)).rejects.toThrow('the server has gone')
      const startedAt = performance.now()
      await expect(run.create(1)).rejects.toThrow(
        /HEDDLE_RESOURCE_FAILED: Cannot .* for resource "main"|the server has gone/,
      )
      expect(performance.now() - startedAt).toBeLessThan(20_000)
      await run.stop()
    })

    test('does not take the run for dead: its locks are there again, and its slot is nobody else’s', async () => {
      const way = await Way.open()
      const scene = new PostgresScene()
      const run = await scene.open({ url: way.url })
      const { name } = run.value(await run.create(1))
      const key = lockKey('run', runKey(run.context.runId, 'main'))
      const isHeld = async (): Promise<boolean> => (await scene.asAdmin(readHeldKeys)).has(key)
      expect(await isHeld()).toBe(true)
      await way.cut()
      while (await isHeld()) await delay(20)
      await way.mend()
      while (!(await isHeld())) await delay(20)
      const other = await scene.open({ url: way.url })
      expect(run.value(await other.create(1)).name).not.toBe(name)
    })
  },
)
