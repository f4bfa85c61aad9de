import { loadPeer } from '../common/load-peer.js'

/** What is used of a client of `ioredis`. */
export interface RedisClient {
  call(command: string, ...args: readonly (string | number)[]): Promise<unknown>
  connect(): Promise<void>
  disconnect(): void
  on(event: 'error', listener: () => void): unknown
}

interface IoredisModule {
  readonly Redis: new (url: string, options: Readonly<Record<string, unknown>>) => RedisClient
}

/** How it is connected. */
interface ClientSetup {
  readonly url: string
  /** By which the server knows it, also after it has connected again. */
  readonly name: string
  readonly database?: number
}

export type OpenClient = (setup: ClientSetup) => Promise<RedisClient>

/** @throws HeddleError `HEDDLE_RESOURCE_FAILED` if `ioredis` is not installed */
export function loadClient(root: string): OpenClient {
  const { Redis } = loadPeer('ioredis', { root, user: 'redis({ … })' }) as IoredisModule
  return async ({ url, name, database }) => {
    const client = new Redis(url, {
      lazyConnect: true,
      connectionName: name,
      maxRetriesPerRequest: 3,
      connectTimeout: 5_000,
      retryStrategy: (times: number) => Math.min(times * 50, 500),
      ...(database === undefined ? {} : { db: database }),
    })
    // The call that needs it tells; without a listener it would be printed.
    client.on('error', () => undefined)
    try {
      await client.connect()
    } catch (error) {
      client.disconnect()
      throw error
    }
    return client
  }
}

/** The lines `key:value` or `key=value …` of what INFO and CLIENT LIST answer. */
export function linesOf(answer: unknown): readonly string[] {
  return String(answer)
    .split(/\r?\n/)
    .filter((line) => line !== '')
}
