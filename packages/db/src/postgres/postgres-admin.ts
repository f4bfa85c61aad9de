import { HeddleError, type CleanOptions, type ResourceRow, type ResourceSurroundings } from '@heddle/core'
import { makerOf } from '../common/marker.js'
import { withDatabase } from './database-url.js'
import { closeServer, openServer, ownerOf, readRecipe, type OpenedServer } from './open-source.js'
import { readHeldKeys } from './held-keys.js'
import { listOwnDatabases, type OwnDatabase } from './own-database.js'
import { isInUse, planSweep } from './plan-sweep.js'
import type { ResolvedPostgresOptions } from './resolve-postgres-options.js'
import { cleanOwnServers, listOwnServers } from './server/server-admin.js'
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
  return [...servers, ...(rows ?? [])]
}

/** Removes what dead runs left; with `isAll` also what is kept and in nobody's use. */
export async function cleanServer(
  surroundings: ResourceSurroundings,
  options: ResolvedPostgresOptions,
  how: CleanOptions,
): Promise<readonly string[]> {
  const { isAll, isDryRun } = how
  const removed = await withServer(surroundings, options, async ({ maintenance: { admin } }) => {
    const scene = await readScene(admin)
    const swept = planSweep(scene).map(({ database }) => database)
    const unused = isAll ? scene.databases.filter((database) => !isInUse(database, scene.held)) : swept
    if (isDryRun) return unused.map(({ name }) => name)
    const names = await sweep(admin, new AbortController().signal)
    for (const database of isAll ? unused : []) {
      if (await removeUnused(admin, database)) names.push(database.name)
    }
    return names
  })
  const servers = options.url === undefined ? await cleanOwnServers(surroundings, how) : []
  return [...(removed ?? []), ...servers]
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
