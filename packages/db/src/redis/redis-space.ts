import type { InstanceRequest, ResetReport } from '@heddle/core'
import { linesOf, type RedisClient } from './redis-client.js'

/** What one worker has, or one test: a server, a database, or keys that begin alike. */
export interface RedisSpace {
  /** For the code under test. */
  readonly url: string
  /** What keys and channels have to begin with; empty if they may be any. */
  readonly prefix: string
  readonly client: RedisClient
  readonly reset: () => Promise<ResetReport>
  /** Connections of the code under test that are in the middle of a MULTI. */
  readonly findOpen: () => Promise<readonly string[]>
  readonly drop: () => Promise<void>
}

/** Makes them, for one run. */
export interface RedisSource {
  readonly create: (request: Pick<InstanceRequest, 'slot' | 'lifetime' | 'number'>) => Promise<RedisSpace>
  readonly stop: () => Promise<void>
}

/** @param isOurs which of the lines of CLIENT LIST are of those who use the space */
export async function findMulti(client: RedisClient, isOurs: (line: string) => boolean): Promise<readonly string[]> {
  const lines = linesOf(await client.call('CLIENT', 'LIST'))
  return lines
    .filter((line) => / multi=\d/.test(line) && isOurs(line))
    .map((line) => `connection ${/\bid=(\d+)/.exec(line)?.[1] ?? '?'} (${/\baddr=(\S+)/.exec(line)?.[1] ?? '?'})`)
}
