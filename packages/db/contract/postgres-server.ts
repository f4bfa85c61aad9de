import type { TestContext } from 'vitest'
import { connectTo } from './reset-place.js'

const { env } = process

/** The server that tests may use: that of the PG variables, else one on this machine. */
const SERVER_URL = `postgres://${encodeURIComponent(env['PGUSER'] ?? 'postgres')}${
  env['PGPASSWORD'] === undefined ? '' : `:${encodeURIComponent(env['PGPASSWORD'])}`
}@${env['PGHOST'] ?? '127.0.0.1'}:${env['PGPORT'] ?? '5432'}/postgres`

/** Skips the test if there is no server. In CI it goes on, and fails. */
export async function needServer({ skip }: TestContext): Promise<string> {
  if (env['CI'] === 'true') return SERVER_URL
  const reason = await connectTo(SERVER_URL)
    .then((client) => client.end())
    .catch((error: unknown) => `no PostgreSQL at ${SERVER_URL}: ${String(error)}`)
  if (typeof reason === 'string') skip(reason)
  return SERVER_URL
}
