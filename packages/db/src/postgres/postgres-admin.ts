import { HeddleError, type CleanOptions, type ResourceRow, type ResourceSurroundings } from '@heddle/core'
import { makerOf } from '../common/marker.js'
import type { AdminPool } from './admin-pool.js'
import { withDatabase } from './database-url.js'
import { closeServer, openServer, readRecipe, type OpenedServer } from './open-source.js'
import { readHeldKeys } from './held-keys.js'
import { listOwnDatabases, type OwnDatabase } from './own-database.js'
import { ownerOf } from './owner-of.js'
import { isInUse, planSweep } from './plan-sweep.js'
import type { ResolvedPostgresOptions } from './resolve-postgres-options.js'
import { cleanOwnServers, listOwnServers } from './server/server-admin.js'
import { cleanSpaces, statusOfSpaces } from './spaces-admin.js'
import { readScene, removeUnused, sweep } from './sweep.js'
import { rebuildTemplate } from './template.js'

/** Everything of heddle's on the server. */
export async function readStatus(
  surroundings: ResourceSurroundings,
  options: ResolvedPostgresOptions,
): Promise<readonly ResourceRow[]> {
  const rows = await withServer(surroundings, options, async ({ server, maintenance }) => {
    const databases = await listOwnDatabases(maintenance.admin, { withSize: true })
    const held = await readHeldKeys(maintenance.admin)
    const owner = ownerOf(surroundings)
    const toRow = (database: OwnDatabase): ResourceRow => ({
      ...rowOf(database, held, withDatabase(server.url, database.name)),
      ...(database.marker?.owner === owner ? {} : { isOthers: true }),
    })
    return databases.map(toRow)
  })
  const servers = options.url === undefined ? await listOwnServers(surroundings) : []
  return [...servers, ...(rows ?? []), ...(await statusOfSpaces(surroundings, options))]
}

/** Removes what dead runs left; with `isAll` also what of this resource is kept and in nobody's use. */
export async function cleanServer(
  surroundings: ResourceSurroundings,
  options: ResolvedPostgresOptions,
  how: CleanOptions,
): Promise<readonly string[]> {
  const removed = await withServer(surroundings, options, ({ maintenance }) =>
    cleanDatabases(maintenance.admin, ownerOf(surroundings), how),
  )
  const spaces = await cleanSpaces(surroundings, options, how)
  const servers = options.url === undefined ? await cleanOwnServers(surroundings, how) : []
  return [...(removed ?? []), ...spaces, ...servers]
}

async function cleanDatabases(
  admin: AdminPool,
  owner: string,
  { isAll, isDryRun }: CleanOptions,
): Promise<readonly string[]> {
  const scene = await readScene(admin)
  const isUnused = (database: OwnDatabase): boolean =>
    database.marker?.owner === owner && !isInUse(database, scene.held)
  const unused = isAll ? scene.databases.filter(isUnused) : []
  if (isDryRun) {
    const swept = planSweep(scene).map(({ database }) => database)
    return [...new Set([...swept, ...unused])].map(({ name }) => name)
  }
  const names = await sweep(admin, new AbortController().signal)
  for (const database of unused) {
    if (await removeUnused(admin, database)) names.push(database.name)
  }
  return names
}

/** Makes the template anew. */
export async function rebuild(surroundings: ResourceSurroundings, options: ResolvedPostgresOptions): Promise<string> {
  const name = await withServer(surroundings, options, async ({ maintenance }) => {
    const { url, admin, facts } = maintenance
    const recipe = await readRecipe(surroundings, options, facts)
    const { signal } = new AbortController()
    const maker = makerOf('000000')
    const place = { url, admin, copy: facts, maker, owner: ownerOf(surroundings), signal }
    return (await rebuildTemplate(recipe, place)).name
  })
  if (name !== undefined) return name
  throw new HeddleError('HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot make the template of resource "${surroundings.name}" anew: it has no server`,
    fix: 'change one of the files of its migrations: then it is made anew by itself.',
  })
}

/** Keeps an own server running. @returns lets it go */
export async function hold(
  surroundings: ResourceSurroundings,
  options: ResolvedPostgresOptions,
): Promise<() => Promise<void>> {
  const opened = await openServer(surroundings, options)
  return async () => {
    if (opened !== undefined) await closeServer(opened)
  }
}

/** Without a server, which is how PGlite works, nothing lasts. */
async function withServer<T>(
  surroundings: ResourceSurroundings,
  options: ResolvedPostgresOptions,
  run: (opened: OpenedServer) => Promise<T>,
): Promise<T | undefined> {
  const opened = await openServer(surroundings, options)
  if (opened === undefined) return undefined
  try {
    return await run(opened)
  } finally {
    await closeServer(opened)
  }
}

function rowOf(database: OwnDatabase, held: ReadonlySet<string>, url: string): ResourceRow {
  const { name, parts, marker, bytes } = database
  const isUsed = isInUse(database, held)
  return {
    kind: parts.kind,
    name,
    state: isUsed ? 'in use' : stateOfUnused(database),
    slot: marker?.slot,
    url,
    usedAt: marker?.usedAt ?? marker?.at,
    bytes,
    note: noteOf(database, isUsed),
  }
}

function stateOfUnused({ parts: { kind }, isFinished }: OwnDatabase): ResourceRow['state'] {
  return kind === 'slot' || kind === 'kept' || isFinished ? 'free' : 'dead'
}

function noteOf({ marker, sessions }: OwnDatabase, isUsed: boolean): string | undefined {
  const by = isUsed && marker !== undefined ? `pid ${marker.pid} on ${marker.host}` : undefined
  const count = sessions > 0 ? `${sessions} ${sessions === 1 ? 'session' : 'sessions'}` : undefined
  const notes = [marker?.test, by, count].filter((text) => text !== undefined)
  return notes.length === 0 ? undefined : notes.join(', ')
}
