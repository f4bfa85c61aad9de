import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import type { OpenTransaction } from '../postgres/reset/reset.js'
import { WireConnection, type WireBatch } from './wire-connection.js'
import { encodeMessage, statusAfter } from './wire-messages.js'

/** Sends bytes of the protocol to a database with one session. @returns its answer */
export type SendRaw = (bytes: Buffer) => Promise<Buffer>

/** How long heddle waits for a client that is in a transaction, ms. */
const PATIENCE_MS = 1500

/**
 * Lets many connections use a database that has one session, each as if it were alone: a transaction of one is not interrupted by
 * others, and each has names of prepared statements of its own. What belongs to a session is everybody's all the same: settings,
 * temporary tables, advisory locks.
 */
export class WireFront {
  readonly #send: SendRaw
  readonly #server: Server
  readonly #connections = new Set<WireConnection>()
  #greeting: Buffer = Buffer.alloc(0)
  #queue: WireBatch[] = []
  /** Who is in a transaction, or in the middle of a sequence of messages: nobody else may send then. */
  #owner: WireConnection | undefined
  #isBusy = false
  #count = 0

  private constructor(send: SendRaw) {
    this.#send = send
    this.#server = createServer((socket) => {
      const events = {
        onBatch: (batch: WireBatch) => this.#add(batch),
        onEnd: (who: WireConnection) => this.#leave(who),
      }
      this.#connections.add(new WireConnection(++this.#count, { socket, greeting: this.#greeting }, events))
    })
  }

  /** @param port 0 for any */
  static async listen(send: SendRaw, port: number): Promise<WireFront> {
    const front = new WireFront(send)
    const parameters = Buffer.from('user\0postgres\0database\0postgres\0\0')
    front.#greeting = await send(encodeMessage('', Buffer.from([0, 3, 0, 0]), parameters))
    front.#server.listen(port, '127.0.0.1')
    await once(front.#server, 'listening')
    return front
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Ends transactions in which clients only wait. @returns what they were */
  async endOpenTransactions(): Promise<OpenTransaction[]> {
    const owner = this.#owner
    if (owner === undefined || owner.isOwn || this.#isBusy) return []
    const found = { pid: owner.id, query: owner.statement, state: 'idle in transaction' }
    owner.terminate('terminating connection: the test has ended and left a transaction open')
    return [found]
  }

  #add(batch: WireBatch): void {
    this.#queue.push(batch)
    if (batch.from.isOwn && this.#owner !== undefined) this.#limitWait(batch)
    void this.#run()
  }

  /** Somebody who is in a transaction, and does not go on, must not stop heddle for ever. */
  #limitWait(batch: WireBatch): void {
    setTimeout(() => {
      if (this.#queue.includes(batch) && !this.#isBusy) {
        this.#owner?.terminate('terminating connection: others have waited for the end of its transaction')
      }
    }, PATIENCE_MS).unref()
  }

  async #run(): Promise<void> {
    if (this.#isBusy) return
    this.#isBusy = true
    try {
      for (let batch = this.#next(); batch !== undefined; batch = this.#next()) await this.#answer(batch)
    } finally {
      this.#isBusy = false
    }
  }

  #next(): WireBatch | undefined {
    const at = this.#queue.findIndex(({ from }) => this.#owner === undefined || from === this.#owner)
    return at === -1 ? undefined : this.#queue.splice(at, 1)[0]
  }

  async #answer({ from, bytes }: WireBatch): Promise<void> {
    const reply = await this.#send(bytes)
    this.#owner = statusAfter(reply) === 'I' ? undefined : from
    from.send(reply)
  }

  /** What it has left open is undone, and the others go on. */
  #leave(who: WireConnection): void {
    this.#connections.delete(who)
    this.#queue = this.#queue.filter(({ from }) => from !== who)
    // Whatever it was in the middle of: the end of a sequence, then of a transaction, if there is one.
    const bytes = Buffer.concat([encodeMessage('S'), who.farewell, encodeMessage('Q', 'rollback')])
    this.#queue.push({ from: who, bytes })
    void this.#run()
  }
}
