import type { ResourceSurroundings } from '@heddle/core'

/** A server on which databases are made. */
export interface PostgresServer {
  /** Of a database to connect to for administration, e.g. `postgres`. */
  readonly url: string
  /** For people: `embedded PostgreSQL 18.4`. */
  readonly words: string
  /** Whether heddle has started it: then its settings are made for tests, and nobody else uses it. */
  readonly isOwn: boolean
  /** Stops it if no other run uses it. */
  close(): Promise<void>
}

/**
 * A server of our own: embedded, else of the system. Undefined if there is neither.
 *
 * @throws HeddleError `HEDDLE_RESOURCE_FAILED` if one is there and does not start
 */
export declare function openOwnServer(
  surroundings: ResourceSurroundings,
  server: 'auto' | 'embedded' | 'system',
): Promise<PostgresServer | undefined>
