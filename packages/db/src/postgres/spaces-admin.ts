import type { CleanOptions, ResourceRow, ResourceSurroundings } from '@heddle/core'
import { ownerOf } from './owner-of.js'
import { SPACE_KINDS } from './open-spaces.js'
import type { ResolvedPostgresOptions } from './resolve-postgres-options.js'
import { Session } from './session.js'
import type { SpaceKind } from './space-kind.js'
import { listSpaces, sweepSpaces, type OwnSpace } from './sweep-spaces.js'

/** Schemas, or tables that begin alike, in the one database there is. */
export async function statusOfSpaces(
  surroundings: ResourceSurroundings,
  options: ResolvedPostgresOptions,
): Promise<readonly ResourceRow[]> {
  const owner = ownerOf(surroundings)
  return withSpaces(surroundings, options, async (session, { kind, url }) => {
    const toRow = ({ name, marker, isDead }: OwnSpace): ResourceRow => ({
      kind: marker.kind,
      name,
      state: isDead ? 'dead' : 'in use',
      slot: marker.slot,
      url: kind.addressOf(url, name).url,
      usedAt: marker.at,
      note: `pid ${marker.pid} on ${marker.host}`,
      ...(marker.owner === owner ? {} : { isOthers: true }),
    })
    return (await listSpaces(session, kind)).map(toRow)
  })
}

/** Nothing of them is kept from run to run. */
export async function cleanSpaces(
  surroundings: ResourceSurroundings,
  options: ResolvedPostgresOptions,
  { isDryRun }: CleanOptions,
): Promise<readonly string[]> {
  return withSpaces(surroundings, options, async (session, { kind }) => {
    if (!isDryRun) return sweepSpaces(session, kind)
    return (await listSpaces(session, kind)).filter(({ isDead }) => isDead).map(({ name }) => name)
  })
}

async function withSpaces<T>(
  { name }: ResourceSurroundings,
  { isolation, url }: ResolvedPostgresOptions,
  run: (session: Session, at: { readonly kind: SpaceKind; readonly url: string }) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  if (isolation === 'database' || url === undefined) return []
  const session = await Session.open({ name, url })
  try {
    return await run(session, { kind: SPACE_KINDS[isolation], url })
  } finally {
    await session.close()
  }
}
