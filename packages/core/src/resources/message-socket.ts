import type { Socket } from 'node:net'
import { encodeFrame, FrameReader } from './frames.js'

/** Who is told of what happens at one end. */
export interface MessageListener {
  readonly onMessage: (message: unknown) => void
  /** Nothing comes any more. */
  readonly onClose: () => void
}

/** One end of a connection between a worker and the main process. It keeps neither of them alive, unless it is told to. */
export class MessageSocket {
  readonly #socket: Socket
  #isClosed = false

  constructor(socket: Socket, { onMessage, onClose }: MessageListener) {
    this.#socket = socket
    const reader = new FrameReader()
    socket.unref()
    socket.on('data', (piece: Buffer) => {
      for (const message of reader.push(piece)) onMessage(message)
    })
    // Why it broke tells nobody more than that it did.
    socket.on('error', () => undefined)
    socket.once('close', () => {
      this.#isClosed = true
      onClose()
    })
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** @throws DataCloneError if it cannot cross processes */
  send(message: unknown): void {
    const frame = encodeFrame(message)
    if (!this.#isClosed) this.#socket.write(frame)
  }

  /** Whether it keeps the process alive. */
  hold(isHeld: boolean): void {
    if (isHeld) this.#socket.ref()
    else this.#socket.unref()
  }

  close(): void {
    this.#socket.destroy()
  }
}
