import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { threadLeases } from '@heddle/core/leases'

const requireHere = createRequire(import.meta.url)

/** Inner modules of the package: users have them through postgres({ … }). */
function moduleOf(name) {
  return requireHere(`../../packages/db/dist/postgres/server/${name}.js`)
}

/** A server as heddle starts it, for a benchmark alone. @param root below the repository, so that the embedded one is found */
export async function openTuned(root) {
  const cacheDir = join(root, 'cache')
  const server = await moduleOf('open-server').openOwnServer(surroundingsIn(root, cacheDir), 'auto')
  const close = async () => {
    await server.close()
    await removeServers(root, cacheDir)
  }
  return { url: server.url, words: `tuned: ${server.words}, heddle’s own`, close }
}

/** The server that a user has: as it was installed. */
export function untuned({ PGHOST = '127.0.0.1', PGPORT = '5432', PGUSER = 'postgres', PGPASSWORD = '' } = process.env) {
  const password = PGPASSWORD === '' ? '' : `:${encodeURIComponent(PGPASSWORD)}`
  const url = `postgres://${PGUSER}${password}@${PGHOST}:${PGPORT}/postgres`
  return { url, words: `untuned: PostgreSQL at ${PGHOST}:${PGPORT}`, close: async () => {} }
}

/** The data of servers that share a cache directory, and that as well. */
export async function removeServers(root, cacheDir) {
  await moduleOf('server-admin').cleanOwnServers(surroundingsIn(root, cacheDir), { isAll: true, isDryRun: false })
  rmSync(cacheDir, { recursive: true, force: true })
}

function surroundingsIn(root, cacheDir) {
  const print = (line) => console.error(line)
  return { name: 'bench', root, env: process.env, cacheDir, leases: () => threadLeases({ root }), print }
}
