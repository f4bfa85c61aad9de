import type { SqlClient } from './sql-client.js'

/** How one database is shared by workers: by schemas, or by names that begin alike. */
export interface SpaceKind {
  /** How the code under test comes to the space of this name. */
  readonly addressOf: (url: string, name: string) => SpaceAddress
  /** Makes it, empty and marked; what heddle had made under this name is removed. */
  readonly make: (client: SqlClient, name: string, marker: string) => Promise<void>
  /** Refuses migrations that have made nothing in it. */
  readonly checkMigrated?: (client: SqlClient, name: string) => Promise<void>
  /** Removes it and all that is in it. Nothing happens if it is not there. */
  readonly remove: (client: SqlClient, name: string) => Promise<void>
  /** Those that may be ours: names with what they are marked with. */
  readonly list: (client: SqlClient) => Promise<readonly FoundSpace[]>
}

interface SpaceAddress {
  readonly url: string
  /** What names of tables have to begin with; empty if they may be any. */
  readonly tablePrefix: string
}

export interface FoundSpace {
  readonly name: string
  readonly comment: string | null
}
