import { quoteIdentifier } from '../common/quote.js'
import type { SqlClient } from './sql-client.js'

interface TableRow {
  /** Quoted, with its schema. */
  readonly name: string
  /** Quoted, without those that are computed. */
  readonly columns: readonly string[]
}

interface ForeignKey {
  readonly table: string
  readonly name: string
  readonly definition: string
}

const OURS = `n.nspname !~ '^pg_' and n.nspname not in ('information_schema', '_heddle')`
const TABLES = `select format('%I.%I', n.nspname, c.relname) as name,
    array(select quote_ident(a.attname) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
      and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and c.relpersistence <> 't' and ${OURS} order by 1`
const FOREIGN_KEYS = `select format('%I.%I', n.nspname, c.relname) as table, o.conname as name, pg_get_constraintdef(o.oid) as definition
  from pg_constraint o join pg_class c on c.oid = o.conrelid join pg_namespace n on n.oid = c.relnamespace
  where o.contype = 'f' and o.conparentid = 0 and ${OURS}`
const SEQUENCES = `select format('%I.%I', n.nspname, c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'S' and c.relpersistence <> 't' and ${OURS}`
const BATCH = 2000

/**
 * Makes a fresh clone have the rows of another, while others go on to use that one. Only committed rows; large objects are not
 * copied.
 *
 * @param to owned by the role of the session
 * @returns how many tables differed
 */
export async function copyRows(from: SqlClient, to: SqlClient): Promise<number> {
  const { rows: tables } = await to.query<TableRow>(TABLES)
  const changed: TableRow[] = []
  for (const table of tables) {
    const [one, other] = await Promise.all([fingerprint(from, table), fingerprint(to, table)])
    if (one !== other) changed.push(table)
  }
  if (changed.length === 0) return 0
  await to.query('begin')
  // Neither order nor triggers are to matter: what is copied was once allowed.
  const { rows: keys } = await to.query<ForeignKey>(FOREIGN_KEYS)
  for (const key of keys) await to.query(`alter table ${key.table} drop constraint ${quoteIdentifier(key.name)}`)
  for (const table of changed) await copyTable(from, to, table)
  for (const { table, name, definition } of keys) {
    await to.query(`alter table ${table} add constraint ${quoteIdentifier(name)} ${definition}`)
  }
  await copySequences(from, to)
  await to.query('commit')
  return changed.length
}

async function fingerprint(client: SqlClient, { name }: TableRow): Promise<string> {
  const { rows } = await client.query<{ print: string }>(
    `select count(*) || '/' || coalesce(sum(hashtextextended(t::text, 0)), 0) as print from only ${name} t`,
  )
  return rows[0]?.print ?? ''
}

/** As text of whole rows: the one form in which every type goes out and in unchanged. */
async function copyTable(from: SqlClient, to: SqlClient, { name, columns }: TableRow): Promise<void> {
  if (columns.length === 0) return
  const { rows } = await from.query<{ row: string }>(`select t::text as row from only ${name} t`)
  await to.query(`alter table ${name} disable trigger user`)
  await to.query(`delete from only ${name}`)
  for (let i = 0; i < rows.length; i += BATCH) {
    const batch = rows.slice(i, i + BATCH).map(({ row }) => row)
    const values = columns.map((column) => `(r).${column}`).join(', ')
    await to.query(
      `insert into ${name} (${columns.join(', ')}) overriding system value
       select ${values} from (select row::${name} as r from unnest($1::text[]) row) rows`,
      [batch],
    )
  }
  await to.query(`alter table ${name} enable trigger user`)
}

async function copySequences(from: SqlClient, to: SqlClient): Promise<void> {
  const { rows } = await to.query<{ name: string }>(SEQUENCES)
  for (const { name } of rows) {
    const state = await from.query<{ last: string; called: boolean }>(
      `select last_value::text as last, is_called as called from ${name}`,
    )
    const [value] = state.rows
    if (value !== undefined)
      await to.query('select setval($1::regclass, $2::bigint, $3)', [name, value.last, value.called])
  }
}
