import net = require('node:net')
import type { Socket } from 'node:net'
import { createMainWatch } from '../fixtures/shared/main-process.js'
import { restoreThrown } from '../fixtures/shared/thrown.js'
import { monotonicClock, startTimer } from '../leases/captured.js'
import { MessageSocket } from './message-socket.js'
import { cannotCross, mainHasGone, noAnswer } from './resource-errors.js'
import type { AnsweredWith, AnswerMessage, AskedWith, RequestKind } from './requests.js'

/** As it was when this was loaded, before any code of the user's: tests may replace it. */
const { connect } = net

/** The main process listens before it starts workers; on a busy machine it may be a little late. */
const PATIENCE_MS = 15_000
const RETRY_MS = 20

/** Where the main process answers, and which one it is. */
export interface MainAddress {
  readonly socket: string
  readonly mainPid: number
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  /** For people: `open "a.test.ts"`. */
  readonly doing: string
}

/** What a worker asks of the main process. It keeps the worker alive only while an answer is awaited, and never reconnects. */
export class ResourceClient {
  readonly #socket: MessageSocket
  readonly #waiting = new Map<number, Waiting>()
  #count = 0

  private constructor(socket: Socket) {
    this.#socket = new MessageSocket(socket, {
      onMessage: (message) => this.#settle(message as AnswerMessage),
      onClose: () => this.#rejectAll(),
    })
  }

  /** @throws HeddleError `HEDDLE_RESOURCE_FAILED` if nobody answers there */
  static async connect({ socket: path, mainPid }: MainAddress, patienceMs = PATIENCE_MS): Promise<ResourceClient> {
    const isGone = createMainWatch(mainPid)
    const deadline = monotonicClock() + patienceMs
    for (;;) {
      const socket = await tryConnect(path)
      if (socket !== undefined) return new ResourceClient(socket)
      if (isGone()) throw mainHasGone('ask for resources')
      if (monotonicClock() > deadline) throw noAnswer(path)
      await new Promise<void>((resolve) => startTimer(resolve, RETRY_MS))
    }
  }

  get isClosed(): boolean {
    return this.#socket.isClosed
  }

  /**
   * @param doing what cannot be done without an answer, for people
   * @throws HeddleError `HEDDLE_RESOURCE_FAILED` if the main process has gone, `HEDDLE_RESOURCE_INVALID` if `body` cannot
   *   cross; and what the other side throws
   */
  ask<K extends RequestKind>(kind: K, body: AskedWith<K>, doing: string): Promise<AnsweredWith<K>> {
    return new Promise<AnsweredWith<K>>((resolve, reject) => {
      if (this.isClosed) return reject(mainHasGone(doing))
      const id = ++this.#count
      try {
        this.#socket.send({ id, kind, body })
      } catch (error) {
        return reject(cannotCross(`what is needed to ${doing}`, error))
      }
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject, doing })
      this.#socket.hold(true)
    })
  }

  close(): void {
    this.#socket.close()
  }

  #settle({ id, value, thrown }: AnswerMessage): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (this.#waiting.size === 0) this.#socket.hold(false)
    if (thrown === undefined) waiting?.resolve(value)
    else waiting?.reject(restoreThrown(thrown))
  }

  #rejectAll(): void {
    for (const { reject, doing } of this.#waiting.values()) reject(mainHasGone(doing))
    this.#waiting.clear()
  }
}

function tryConnect(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path)
    const onError = (): void => resolve(undefined)
    socket.once('error', onError)
    socket.once('connect', () => {
      socket.off('error', onError)
      resolve(socket)
    })
  })
}
