import { quoteIdentifier, quoteLiteral } from '../common/quote.js'
import type { FoundSpace, SpaceKind } from './space-kind.js'

/** A schema for each. */
export const SCHEMA_SPACE: SpaceKind = {
  addressOf: (url, name) => ({ url: withSearchPath(url, name), tablePrefix: '' }),
  make: async (client, name, marker) => {
    const schema = quoteIdentifier(name)
    // One transaction: there is no moment in which it is not marked as ours.
    await client.query(
      `begin; drop schema if exists ${schema} cascade; create schema ${schema}; comment on schema ${schema} is ${quoteLiteral(marker)}; commit`,
    )
  },
  remove: async (client, name) => {
    await client.query(`drop schema if exists ${quoteIdentifier(name)} cascade`)
  },
  list: async (client) => {
    const { rows } = await client.query<FoundSpace>(
      `select nspname as name, obj_description(oid, 'pg_namespace') as comment from pg_namespace
       where nspname like 'hdl\\_%' and pg_has_role(nspowner, 'USAGE')`,
    )
    return rows
  },
}

/** Names without a schema mean this one, whoever connects. */
function withSearchPath(url: string, schema: string): string {
  const changed = new URL(url)
  const { searchParams } = changed
  const options = [searchParams.get('options'), `-c search_path=${schema}`].filter((text) => text !== null)
  searchParams.set('options', options.join(' '))
  // Drivers take a plus for a plus.
  return changed.href.replaceAll('+', '%20')
}
