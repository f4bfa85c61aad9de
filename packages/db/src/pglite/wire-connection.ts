import type { Socket } from 'node:net'
import {
  kindOfFirst,
  encodeMessage,
  parametersOf,
  renameStatement,
  statementIn,
  WireReader,
  type WireMessage,
} from './wire-messages.js'

/** Messages that belong together: up to the one after which the client waits. */
export interface WireBatch {
  readonly from: WireConnection
  readonly bytes: Buffer
}

/** What a connection tells whoever runs its batches. */
export interface WireEvents {
  readonly onBatch: (batch: WireBatch) => void
  readonly onEnd: (connection: WireConnection) => void
}

/** After these the client waits for an answer: Query, Sync, Flush, CopyDone, CopyFail. */
const WAITS = new Set(['Q', 'S', 'H', 'c', 'f'])

/** A client. It finds all as at a server, but for what only one session can have. */
export class WireConnection {
  readonly id: number
  /** Whether it is heddle's. */
  isOwn = false
  /** The last that it has sent. */
  statement = ''
  readonly #socket: Socket
  readonly #greeting: Buffer
  readonly #events: WireEvents
  readonly #reader = new WireReader()
  readonly #names = new Set<string>()
  #pending: Buffer[] = []
  #hasEnded = false

  /** @param greeting what the database says to a new client */
  constructor(id: number, { socket, greeting }: { socket: Socket; greeting: Buffer }, events: WireEvents) {
    this.id = id
    this.#socket = socket
    this.#greeting = greeting
    this.#events = events
    socket.setNoDelay(true)
    socket.on('data', (chunk) => this.#take(chunk))
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#end())
  }

  send(bytes: Buffer): void {
    if (this.#socket.writable) this.#socket.write(bytes)
  }

  /** Ends it, as a server that is told to. */
  terminate(reason: string): void {
    const fields = Buffer.from(`SFATAL\0VFATAL\0C57P01\0M${reason}\0\0`)
    this.send(encodeMessage('E', fields))
    this.#socket.end()
    this.#end()
  }

  /** What has to be sent in its name when it has gone. */
  get farewell(): Buffer {
    const names = Array.from(this.#names, (name) => encodeMessage('C', Buffer.from('S'), name))
    return Buffer.concat([...names, encodeMessage('S')])
  }

  #take(chunk: Buffer): void {
    for (const each of this.#reader.read(chunk)) {
      if (this.#hasEnded) return
      if (each.type === '') this.#greet(each)
      else if (each.type === 'X') this.#socket.end()
      else this.#collect(each)
    }
  }

  #greet(first: WireMessage): void {
    const kind = kindOfFirst(first)
    if (kind === 'encrypt') return this.send(Buffer.from('N'))
    if (kind === 'cancel') return void this.#socket.end()
    this.isOwn = parametersOf(first)['application_name'] === 'heddle'
    this.send(this.#greeting)
  }

  #collect(original: WireMessage): void {
    this.statement = statementIn(original) ?? this.statement
    const { type, bytes } = renameStatement(original, (name) => {
      const own = `c${this.id}_${name}`
      this.#names.add(own)
      return own
    })
    this.#pending.push(bytes)
    if (!WAITS.has(type)) return
    const batch = { from: this, bytes: Buffer.concat(this.#pending) }
    this.#pending = []
    this.#events.onBatch(batch)
  }

  #end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#events.onEnd(this)
  }
}
