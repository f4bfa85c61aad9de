import type { CleanOptions, ResourceAdmin, ResourceRow, ResourceSurroundings } from '@heddle/core'
import { parseName } from '../common/names.js'
import { planMigrations } from '../common/plan-migrations.js'
import { ensureTemplate } from './make-template.js'
import type { MysqlOptions } from './mysql-options.js'
import { openServer, type MysqlServer } from './mysql-server.js'
import { readRegistry, type Registered } from './registry.js'
import { isRunDead } from './run-lock.js'
import { dropAll, findDead, isWholeTemplate } from './sweep.js'

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
  entry: Registered,
  all: readonly Registered[],
): Promise<ResourceRow> {
  const { name, marker } = entry
  const isTemplate = isWholeTemplate(entry)
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
  const all = await readRegistry(admin)
  const dead = await findDead(admin)
  const deadNames = new Set(dead.map(({ name }) => name))
  const used = new Set(all.filter(({ name }) => !deadNames.has(name)).map(({ marker }) => marker.template))
  const isFree = (entry: Registered): boolean =>
    isWholeTemplate(entry) && entry.marker.owner === owner && !used.has(entry.name)
  const removed = [...dead, ...(isAll ? all.filter(isFree) : [])]
  return isDryRun ? removed.map(({ name }) => name) : dropAll(admin, removed)
}

async function rebuild(server: MysqlServer, { migrations }: MysqlOptions): Promise<string> {
  const plan = await planMigrations(migrations, server.context)
  return ensureTemplate(server, plan, { isAnew: true })
}
