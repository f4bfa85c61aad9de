import type { SqlClient } from './sql-client.js'

/** What a server is, and may. */
export interface ServerFacts {
  /** `15.4 (Debian …)`, as it says. */
  readonly version: string
  /** 150004. */
  readonly versionNumber: number
  readonly isFsyncOn: boolean
  /** A standby, or one that is being restored. */
  readonly isInRecovery: boolean
  readonly replicas: number
  readonly user: string
  readonly canCreateDatabases: boolean
  /** Whether somebody between here and the server hands its connections around. */
  readonly isPooled: boolean
  /** How many connections ordinary roles may have. */
  readonly maxConnections: number
  readonly usedConnections: number
}

interface FactsRow {
  readonly version: string
  readonly number: string
  readonly fsync: string
  readonly recovery: boolean
  readonly replicas: string
  readonly user: string
  readonly creates: boolean
  readonly pid: number
  readonly connections: number
  readonly used: string
}

const FACTS = `select current_setting('server_version') as version, current_setting('server_version_num') as number,
  current_setting('fsync') as fsync, pg_is_in_recovery() as recovery, current_user::text as user,
  (select count(*) from pg_stat_replication) as replicas,
  (select rolsuper or rolcreatedb from pg_roles where rolname = current_user) as creates,
  pg_backend_pid() as pid,
  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
    - coalesce(current_setting('reserved_connections', true)::int, 0) as connections,
  (select count(*) from pg_stat_activity where backend_type = 'client backend') as used`

/** @param processId of the session, as the server told it when it was connected */
export async function readServerFacts(session: SqlClient, processId: number | null): Promise<ServerFacts> {
  const { rows } = await session.query<FactsRow>(FACTS)
  const [row] = rows
  if (row === undefined) throw new Error('the server did not answer what it is')
  return {
    version: row.version,
    versionNumber: Number(row.number),
    isFsyncOn: row.fsync === 'on',
    isInRecovery: row.recovery,
    replicas: Number(row.replicas),
    user: row.user,
    canCreateDatabases: row.creates,
    isPooled: row.pid !== processId,
    maxConnections: row.connections,
    usedConnections: Number(row.used),
  }
}
