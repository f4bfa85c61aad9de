import { readMarker, type Marker } from '../common/marker.js'
import { parseName, type NameParts } from '../common/names.js'
import type { SqlClient } from './sql-client.js'

/** A database that heddle has made. */
export interface OwnDatabase {
  readonly name: string
  readonly parts: NameParts
  /** Undefined in the moment between making and marking it. */
  readonly marker: Marker | undefined
  /** A template that is whole. */
  readonly isFinished: boolean
  /** Whether the server takes it for a template, whole or not. */
  readonly isTemplate: boolean
  /** Whether its removal was interrupted: nothing but to remove it can be done. */
  readonly isBroken: boolean
  readonly sessions: number
  readonly bytes: number | undefined
}

interface DatabaseRow {
  readonly name: string
  readonly template: boolean
  readonly closed: boolean
  readonly comment: string | null
  readonly unborn: boolean
  readonly broken: boolean
  readonly sessions: string
  readonly bytes: string | null
}

/**
 * `CONNECTION LIMIT` of everything that is made: more than any server allows, so it limits nothing. It is set by the statement
 * that makes the database, so there is no moment in which it is not marked as ours; the comment, which tells more, comes after.
 */
export const BIRTHMARK = 48_444_331

/** What the server sets when the removal of a database was interrupted: it is not of use to anybody then. */
const INVALID = -2

/**
 * Databases with a name that heddle gives *and* a mark that only heddle makes, of roles that this one may act for. Whatever
 * only looks like one of ours is not among them.
 */
export async function listOwnDatabases(client: SqlClient, { withSize = false } = {}): Promise<readonly OwnDatabase[]> {
  const size = withSize ? 'pg_database_size(d.oid)' : 'null'
  const { rows } = await client.query<DatabaseRow>(
    `select d.datname as name, d.datistemplate as template, not d.datallowconn as closed, d.datconnlimit = ${BIRTHMARK} as unborn, d.datconnlimit = ${INVALID} as broken,
       shobj_description(d.oid, 'pg_database') as comment, ${size} as bytes,
       (select count(*) from pg_stat_activity a where a.datid = d.oid) as sessions
     from pg_database d where d.datname like 'hdl\\_%' and pg_has_role(d.datdba, 'USAGE') order by d.datname`,
  )
  return rows.flatMap((row) => toOwn(row) ?? [])
}

/** @returns undefined if there is none, or one that is not ours */
export async function findOwnDatabase(client: SqlClient, name: string): Promise<OwnDatabase | undefined> {
  return (await listOwnDatabases(client)).find((database) => database.name === name)
}

function toOwn(row: DatabaseRow): OwnDatabase | undefined {
  const parts = parseName(row.name)
  const marker = readMarker(row.comment)
  if (parts === undefined || (marker === undefined && !row.unborn && !row.broken)) return undefined
  return {
    name: row.name,
    parts,
    marker,
    isFinished: parts.kind === 'template' && row.template && row.closed && !row.broken && marker !== undefined,
    isTemplate: row.template,
    isBroken: row.broken,
    sessions: Number(row.sessions),
    bytes: row.bytes === null ? undefined : Number(row.bytes),
  }
}
