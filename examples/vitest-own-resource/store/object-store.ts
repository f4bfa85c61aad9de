import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

/** A small object store over HTTP: `PUT`, `GET` and `DELETE` of `/bucket/key`, and `GET /bucket` for its keys. */
export class ObjectStore {
  readonly #buckets = new Map<string, Map<string, string>>()
  readonly #server: Server
  readonly #url: string

  private constructor(port: number) {
    this.#server = createServer((request, response) => void this.#answer(request, response))
    this.#url = `http://127.0.0.1:${port}`
  }

  static async start(port: number): Promise<ObjectStore> {
    const store = new ObjectStore(port)
    store.#server.listen(port, '127.0.0.1')
    await once(store.#server, 'listening')
    return store
  }

  /** @returns the URL of the bucket */
  async createBucket(name: string): Promise<string> {
    this.#buckets.set(name, new Map())
    return `${this.#url}/${name}`
  }

  /** @returns the keys of what was in it */
  async emptyBucket(url: string): Promise<string[]> {
    const bucket = this.#buckets.get(bucketOf(url))
    const keys = [...(bucket?.keys() ?? [])]
    bucket?.clear()
    return keys
  }

  async deleteBucket(url: string): Promise<void> {
    this.#buckets.delete(bucketOf(url))
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    if (this.#buckets.size > 0) throw new Error(`Buckets are left: ${[...this.#buckets.keys()].join(', ')}`)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, name = '', key] = (request.url ?? '').split('/')
    const bucket = this.#buckets.get(name)
    if (bucket === undefined) response.writeHead(404).end('no such bucket')
    else if (key === undefined) response.end(JSON.stringify([...bucket.keys()]))
    else if (request.method === 'PUT') response.end(void bucket.set(key, await text(request)))
    else if (request.method === 'DELETE') response.end(void bucket.delete(key))
    else if (bucket.has(key)) response.end(bucket.get(key))
    else response.writeHead(404).end('no such object')
  }
}

function bucketOf(url: string): string {
  return new URL(url).pathname.slice(1)
}
