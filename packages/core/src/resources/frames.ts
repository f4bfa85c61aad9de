import v8 = require('node:v8')

/** As it was when this was loaded: tests may replace it. */
const { deserialize, serialize } = v8

const HEADER_BYTES = 4

/** A message as bytes: how many follow, and the structured clone of it. @throws DataCloneError if it has something like a function in it */
export function encodeFrame(message: unknown): Buffer {
  const body = serialize(message)
  const header = Buffer.allocUnsafe(HEADER_BYTES)
  header.writeUInt32LE(body.length)
  return Buffer.concat([header, body])
}

/** Puts messages together from the pieces in which they arrive. */
export class FrameReader {
  #pieces: Buffer[] = []
  #length = 0

  /** @returns what is whole now */
  push(piece: Buffer): unknown[] {
    this.#pieces.push(piece)
    this.#length += piece.length
    const messages: unknown[] = []
    for (let size = this.#nextSize(); size !== undefined; size = this.#nextSize()) {
      const bytes = this.#join()
      messages.push(deserialize(bytes.subarray(HEADER_BYTES, size)))
      this.#pieces = bytes.length === size ? [] : [bytes.subarray(size)]
      this.#length = bytes.length - size
    }
    return messages
  }

  /** Of the next message with its header, if all of it is there. A large one comes in many pieces, joined once. */
  #nextSize(): number | undefined {
    if (this.#length < HEADER_BYTES) return undefined
    const first = this.#pieces[0]
    const start = first !== undefined && first.length >= HEADER_BYTES ? first : this.#join()
    const size = HEADER_BYTES + start.readUInt32LE()
    return this.#length < size ? undefined : size
  }

  #join(): Buffer {
    const [first, ...others] = this.#pieces
    const bytes = first !== undefined && others.length === 0 ? first : Buffer.concat(this.#pieces)
    this.#pieces = [bytes]
    return bytes
  }
}
