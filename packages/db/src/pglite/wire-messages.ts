/** A message of PostgreSQL's protocol, version 3. */
export interface WireMessage {
  /** `Q`, `P`, …; empty for the first one of a connection, which has no type. */
  readonly type: string
  /** All of it, with type and length. */
  readonly bytes: Buffer
}

/** Cuts a stream into messages. */
export class WireReader {
  #rest: Buffer = Buffer.alloc(0)
  #hasStarted = false

  /** @returns all that are complete now */
  read(chunk: Buffer): WireMessage[] {
    this.#rest = Buffer.concat([this.#rest, chunk])
    const messages: WireMessage[] = []
    for (let message = this.#next(); message !== undefined; message = this.#next()) messages.push(message)
    return messages
  }

  #next(): WireMessage | undefined {
    const typeBytes = this.#hasStarted ? 1 : 0
    if (this.#rest.length < typeBytes + 4) return undefined
    const end = typeBytes + this.#rest.readInt32BE(typeBytes)
    if (this.#rest.length < end) return undefined
    const bytes = this.#rest.subarray(0, end)
    this.#rest = this.#rest.subarray(end)
    if (this.#hasStarted) return { type: String.fromCharCode(Number(bytes[0])), bytes }
    // What asks for encryption comes before, and looks the same.
    this.#hasStarted = versionOf(bytes) < ENCRYPTION
    return { type: '', bytes }
  }
}

const ENCRYPTION = 80_877_103
const CANCEL = 80_877_102
const GSS = 80_877_104

/** What the first message of a connection asks for. */
export function kindOfFirst({ bytes }: WireMessage): 'start' | 'encrypt' | 'cancel' {
  const version = versionOf(bytes)
  if (version === CANCEL) return 'cancel'
  return version === ENCRYPTION || version === GSS ? 'encrypt' : 'start'
}

function versionOf(bytes: Buffer): number {
  return bytes.length < 8 ? 0 : bytes.readInt32BE(4)
}

/** `application_name` and the rest of what a connection says of itself. */
export function parametersOf({ bytes }: WireMessage): Readonly<Record<string, string>> {
  const words = bytes.toString('utf8', 8).split('\0')
  const pairs = words.flatMap((word, i) => (i % 2 === 0 && word !== '' ? [[word, words[i + 1] ?? '']] : []))
  return Object.fromEntries(pairs) as Record<string, string>
}

export function encodeMessage(type: string, ...parts: readonly (string | Buffer)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)))
  const head = Buffer.alloc(type.length + 4)
  head.write(type)
  head.writeInt32BE(body.length + 4, type.length)
  return Buffer.concat([head, body])
}

/** The text of the statement, if the message has one. */
export function statementIn({ type, bytes }: WireMessage): string | undefined {
  if (type === 'Q') return textAt(bytes, 5)
  return type === 'P' ? textAt(bytes, endOfText(bytes, 5)) : undefined
}

/**
 * The same with another name of the prepared statement: all connections share one session, in which their names would collide.
 *
 * @param rename not asked for the one without a name
 */
export function renameStatement(original: WireMessage, rename: (name: string) => string): WireMessage {
  const at = nameAt(original)
  if (at === undefined) return original
  const { type, bytes } = original
  const name = textAt(bytes, at)
  if (name === '') return original
  const [before, after] = [bytes.subarray(5, at), bytes.subarray(endOfText(bytes, at))]
  return { type, bytes: encodeMessage(type, before, rename(name), after) }
}

/** Where the name of a prepared statement stands. */
function nameAt({ type, bytes }: WireMessage): number | undefined {
  if (type === 'P') return 5
  if (type === 'B') return endOfText(bytes, 5)
  const isOfStatement = (type === 'D' || type === 'C') && bytes[5] === 'S'.charCodeAt(0)
  return isOfStatement ? 6 : undefined
}

function textAt(bytes: Buffer, at: number): string {
  return bytes.toString('utf8', at, endOfText(bytes, at) - 1)
}

function endOfText(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(0, at)
  return end === -1 ? bytes.length : end + 1
}

/** `I` outside of a transaction, `T` in one, `E` in one that has failed; undefined in the middle of a sequence of messages. */
export function statusAfter(reply: Buffer): 'I' | 'T' | 'E' | undefined {
  const ready = reply.subarray(-6)
  const isReady = ready[0] === 'Z'.charCodeAt(0) && ready.length === 6 && ready.readInt32BE(1) === 5
  return isReady ? (String.fromCharCode(Number(ready[5])) as 'I' | 'T' | 'E') : undefined
}
