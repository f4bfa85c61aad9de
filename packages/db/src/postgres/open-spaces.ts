import { PREFIX_SPACE } from './prefix-space.js'
import { SCHEMA_SPACE } from './schema-space.js'
import { Session } from './session.js'
import type { SpaceKind } from './space-kind.js'
import { SpaceSource, type SpaceSourceSetup } from './space-source.js'
import { sweepSpaces } from './sweep-spaces.js'

/** How workers share the one database there is, by `isolation`. */
export const SPACE_KINDS: Readonly<Record<'schema' | 'prefix', SpaceKind>> = {
  schema: SCHEMA_SPACE,
  prefix: PREFIX_SPACE,
}

/** Removes what dead runs left in that database, and is ready to make more. */
export async function openSpaces(setup: SpaceSourceSetup): Promise<SpaceSource> {
  const session = await Session.open({ name: setup.recipe.name, url: setup.url })
  try {
    await sweepSpaces(session, setup.kind)
  } finally {
    await session.close()
  }
  return new SpaceSource(setup)
}
