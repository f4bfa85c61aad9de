import type { Socket } from 'node:net'
import { describeThrown } from '../fixtures/shared/thrown.js'
import type { HostedResource } from './hosted-resource.js'
import { MessageSocket } from './message-socket.js'
import { cannotCross, hasEnded } from './resource-errors.js'
import type { AskedWith, CallRequest, FileRequest, RequestKind, RequestMessage, ResourceRequests } from './requests.js'
import { ResourceSession } from './resource-session.js'

type Answers = { readonly [K in RequestKind]: (body: AskedWith<K>) => unknown }

/** One worker, as the main process sees it: one file after the other. */
export class ResourceConnection {
  readonly #resources: readonly HostedResource[]
  readonly #print: (line: string) => void
  readonly #socket: MessageSocket
  readonly #answers: Answers
  #session: ResourceSession | undefined

  constructor(socket: Socket, resources: readonly HostedResource[], print: (line: string) => void) {
    this.#resources = resources
    this.#print = print
    this.#answers = {
      open: (request) => this.#open(request),
      prefetch: (names) => this.#session?.prefetch(names),
      begin: (request) => this.#current.begin(request),
      end: (request) => this.#current.end(request),
      call: (request) => this.#current.call(request),
      close: () => this.#end(),
    }
    this.#socket = new MessageSocket(socket, {
      onMessage: (message) => void this.#answer(message as RequestMessage),
      onClose: () => this.#end(),
    })
  }

  close(): void {
    this.#socket.close()
  }

  #open(request: FileRequest): ReturnType<ResourceSession['open']> {
    this.#end()
    this.#session = new ResourceSession(request, this.#print)
    return this.#session.open(this.#resources)
  }

  #end(): void {
    this.#session?.close()
    this.#session = undefined
  }

  get #current(): ResourceSession {
    if (this.#session === undefined) throw hasEnded('resources', 'a file')
    return this.#session
  }

  async #answer({ id, kind, body }: RequestMessage): Promise<void> {
    const act = this.#answers[kind] as (body: unknown) => ReturnType<ResourceRequests[RequestKind]>
    try {
      const value = await act(body)
      this.#send(id, value, nameOf(kind, body))
    } catch (error) {
      this.#socket.send({ id, thrown: describeThrown(error) })
    }
  }

  #send(id: number, value: unknown, what: string): void {
    try {
      this.#socket.send({ id, value })
    } catch (error) {
      throw cannotCross(what, error)
    }
  }
}

function nameOf(kind: RequestKind, body: unknown): string {
  if (kind !== 'call') return 'the value of a resource'
  const { name, call } = body as CallRequest
  return `what ${name}.${call}() returns`
}
