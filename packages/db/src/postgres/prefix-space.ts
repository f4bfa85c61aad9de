import { codeOf, HeddleError, reasonOf } from '@heddle/core'
import { quoteIdentifier, quoteLiteral } from '../common/quote.js'
import type { FoundSpace, SpaceKind } from './space-kind.js'
import type { SqlClient } from './sql-client.js'

/** Follows the prefix in the name of the table that is there first and goes last: it has no columns, only the marker. */
const MARK = 'heddle'
const RAISED = 'P0001'

/** Names of tables that begin alike, for each. */
export const PREFIX_SPACE: SpaceKind = {
  addressOf: (url, name) => ({ url, tablePrefix: prefixOf(name) }),
  make: async (client, name, marker) => {
    const table = quoteIdentifier(`${prefixOf(name)}${MARK}`)
    const mark = `create table ${table} (); comment on table ${table} is ${quoteLiteral(marker)}`
    await inTransaction(client, `${emptying(prefixOf(name))}; ${mark}`)
  },
  checkMigrated: async (client, name) => {
    const prefix = prefixOf(name)
    const { rows } = await client.query(`${objectsWith(quoteLiteral(prefix))} limit 2`)
    // One is the mark.
    if (rows.length < 2) throw nothingMade(prefix)
  },
  remove: (client, name) => inTransaction(client, emptying(prefixOf(name))),
  list: async (client) => {
    const { rows } = await client.query<FoundSpace>(
      `select left(c.relname, -length('_${MARK}')) as name, obj_description(c.oid, 'pg_class') as comment
       from pg_class c where c.relname like 'hdl\\_%\\_${MARK}' and c.relkind = 'r' and pg_has_role(c.relowner, 'USAGE')`,
    )
    return rows
  },
}

function prefixOf(name: string): string {
  return `${name}_`
}

async function inTransaction(client: SqlClient, sql: string): Promise<void> {
  try {
    await client.query(`begin; ${sql}; commit`)
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw codeOf(error) === RAISED ? notRemoved(error) : error
  }
}

/**
 * Removes everything with the prefix, the mark as well, one after the other until nothing is left, and never with `cascade`: what others have built
 * on it is theirs, and is told instead. Without the mark nothing is removed.
 */
function emptying(prefix: string): string {
  return `do $heddle$
    declare
      prefix constant text := ${quoteLiteral(prefix)};
      one record;
      removed int;
      kept int;
      detail text;
      reason text;
    begin
      perform pg_advisory_xact_lock(hashtextextended(prefix, 0));
      if not exists (
        select from pg_class c where c.relname = prefix || '${MARK}' and pg_has_role(c.relowner, 'USAGE')
          and obj_description(c.oid, 'pg_class') like '{"heddle":1,%'
      ) then
        if exists (${objectsWith('prefix')}) then
          raise exception 'names that begin with "%" are there, which heddle has not made', prefix;
        end if;
        return;
      end if;
      for one in
        select o.conrelid::regclass as owner, o.conname from pg_constraint o join pg_class c on c.oid = o.conrelid
        where o.contype = 'f' and o.conparentid = 0 and starts_with(c.relname, prefix) and pg_has_role(c.relowner, 'USAGE')
      loop
        execute format('alter table %s drop constraint %I', one.owner, one.conname);
      end loop;
      loop
        removed := 0;
        kept := 0;
        for one in ${objectsWith('prefix')} loop
          begin
            execute one.removal;
            removed := removed + 1;
          exception when dependent_objects_still_exist then
            kept := kept + 1;
            get stacked diagnostics detail = pg_exception_detail;
            -- What is ours goes in a later round.
            reason := coalesce((
              select string_agg(line, '; ') from regexp_split_to_table(detail, E'\\n') line
              where position(prefix in split_part(line, ' depends on ', 1)) = 0
            ), reason);
          end;
        end loop;
        exit when kept = 0;
        if removed = 0 then
          raise exception 'what begins with "%" cannot be removed: %', prefix, coalesce(reason, detail);
        end if;
      end loop;
    end $heddle$`
}

/** Statements that remove one each. @param prefix an expression */
function objectsWith(prefix: string): string {
  const ours = (name: string, owner: string): string =>
    `starts_with(${name}, ${prefix}) and pg_has_role(${owner}, 'USAGE') and n.nspname !~ '^pg_'`
  return `select format('drop %s if exists %I.%I', case c.relkind when 'v' then 'view' when 'm' then 'materialized view'
        when 'S' then 'sequence' when 'f' then 'foreign table' when 'c' then 'type' else 'table' end, n.nspname, c.relname) as removal
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f', 'c') and ${ours('c.relname', 'c.relowner')}
    union all
      select format('drop %s if exists %I.%I', case t.typtype when 'd' then 'domain' else 'type' end, n.nspname, t.typname)
      from pg_type t join pg_namespace n on n.oid = t.typnamespace
      where t.typtype in ('e', 'd', 'r') and ${ours('t.typname', 't.typowner')}
    union all
      select format('drop routine if exists %I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where ${ours('p.proname', 'p.proowner')}`
}

function nothingMade(prefix: string): HeddleError {
  return new HeddleError('HEDDLE_MIGRATION_FAILED', {
    problem: `Cannot use the migrations: they have made nothing whose name begins with "${prefix}"`,
    fix: 'begin the names of all tables, also of those in which your tool notes what it has run, with tablePrefix, as in `run: ({ url, tablePrefix }) => …`.',
  })
}

function notRemoved(error: unknown): HeddleError {
  return new HeddleError('HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot make the tables of a worker anew: ${reasonOf(error)}`,
    fix: 'remove or rename what is in the way.',
    cause: error,
  })
}
