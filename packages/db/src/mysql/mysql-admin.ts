import type { CleanOptions, ResourceAdmin, ResourceRow, ResourceSurroundings } from '@heddle/core'
import { parseName } from '../common/names.js'
import { planMigrations } from '../common/plan-migrations.js'
import { ensureTemplate } from './make-template.js'
import type { MysqlOptions } from './mysql-options.js'
import { openServer, type MysqlServer } from './mysql-server.js'
import { dropRegistered, readRegistry, type Registered } from './registry.js'
import { isRunDead } from './run-lock.js'
import { dropTemplate, findDead } from './sweep.js'

/** What `heddle db` does with a resource of this kind. */
export function mysqlAdmin(options: MysqlOptions): ResourceAdmin {
  const withServer = async <T>(
    surroundings: ResourceSurroundings,
    use: (server: MysqlServer) => Promise<T>,
  ): Promise<T> => {
    const { signal } = new AbortController()
    const server = await openServer(options, { surroundings, runId: `command ${process.pid} ${Date.now()}`, signal })
    try {
      return await use(server)
    } finally {
      await server.admin.end()
    }
  }
  return {
    status: (surroundings) => withServer(surroundings, statusOf),
    clean: (surroundings, asked) => withServer(surroundings, (server) => clean(server, asked)),
    rebuild: (surroundings) => withServer(surroundings, (server) => rebuild(server, options)),
  }
}

async function statusOf(server: MysqlServer): Promise<readonly ResourceRow[]> {
  const all = await readRegistry(server.admin)
  return Promise.all(all.map((entry) => rowOf(server, entry, all)))
}

async function rowOf(
  { admin, owner, urlOf }: MysqlServer,
  { name, marker }: Registered,
  all: readonly Registered[],
): Promise<ResourceRow> {
  const isTemplate = marker.kind === 'template'
  const isUsed = all.some((other) => other.marker.template === name)
  const isDead = !isTemplate && (await isRunDead(admin, marker.run))
  const [size] = await admin.rows(
    'SELECT SUM(DATA_LENGTH + INDEX_LENGTH) AS bytes FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?',
    [name],
  )
  return {
    kind: marker.kind,
    name,
    state: isDead ? 'dead' : isTemplate && !isUsed ? 'free' : 'in use',
    slot: marker.kind === 'worker' ? parseName(name)?.number : undefined,
    url: urlOf(name),
    usedAt: marker.usedAt ?? marker.at,
    bytes: Number(size?.['bytes'] ?? 0),
    ...(marker.owner === owner ? {} : { isOthers: true }),
    note: isTemplate ? undefined : `pid ${marker.pid} on ${marker.host}`,
  }
}

/** What is kept is removed for its owner alone. */
async function clean({ admin, owner }: MysqlServer, { isAll, isDryRun }: CleanOptions): Promise<readonly string[]> {
  const dead = (await findDead(admin)).map(({ name }) => name)
  if (!isDryRun) for (const name of dead) await dropRegistered(admin, name)
  if (!isAll) return dead
  const rest = (await readRegistry(admin)).filter(({ name }) => !dead.includes(name))
  const used = new Set(rest.map(({ marker }) => marker.template))
  const isFree = ({ name, marker }: Registered): boolean =>
    marker.kind === 'template' && marker.owner === owner && !used.has(name)
  const free = rest.filter(isFree).map(({ name }) => name)
  if (isDryRun) return [...dead, ...free]
  const dropped: string[] = []
  for (const name of free) if (await dropTemplate(admin, name)) dropped.push(name)
  return [...dead, ...dropped]
}

async function rebuild(server: MysqlServer, { migrations }: MysqlOptions): Promise<string> {
  const plan = await planMigrations(migrations, server.context)
  return ensureTemplate(server, plan, { isAnew: true })
}
