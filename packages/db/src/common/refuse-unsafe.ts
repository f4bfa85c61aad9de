import { HeddleError } from '@heddle/core'
import type { Address } from './address.js'

export interface SafetyRules {
  /** Of the resource, for messages. */
  readonly name: string
  /** Hosts that are not local and may be used all the same. */
  readonly allowRemote: readonly string[]
  readonly env: Readonly<NodeJS.ProcessEnv>
}

const PRODUCTION = /(?:^|[^a-z])(?:prod|production|prd|live)(?:$|[^a-z])/i
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|0\.0\.0\.0)$/
const PROVIDERS = [
  'rds.amazonaws.com',
  'cache.amazonaws.com',
  'azure.com',
  'windows.net',
  'supabase.co',
  'supabase.com',
  'supabase.net',
  'neon.tech',
  'cloudsql.google.internal',
  'cockroachlabs.cloud',
  'ondigitalocean.com',
  'aivencloud.com',
  'timescale.com',
  'tsdb.cloud',
  'railway.app',
  'rlwy.net',
  'render.com',
  'psdb.cloud',
  'upstash.io',
  'redislabs.com',
  'redis-cloud.com',
  'heroku.com',
  'db.elephantsql.com',
  'crunchybridge.com',
  'prisma.io',
  'mongodb.net',
]

/**
 * Refuses servers that tests have no business with: in production, or not of this machine unless somebody says so.
 *
 * @throws HeddleError `HEDDLE_RESOURCE_REFUSED`
 */
export function refuseUnsafe(address: Address, rules: SafetyRules): void {
  const flaw = flawOf(address, rules)
  if (flaw === undefined) return
  throw new HeddleError('HEDDLE_RESOURCE_REFUSED', {
    problem: `Cannot use ${address.words} for resource "${rules.name}": ${flaw.reason}`,
    fix: flaw.fix,
  })
}

/** Whether a host can only be this machine, or a container beside this one. */
export function isLocalHost(host: string): boolean {
  const name = host.toLowerCase()
  if (name === '' || name.startsWith('/') || LOOPBACK.test(name)) return true
  if (name === 'host.docker.internal' || name === 'host.containers.internal') return true
  return name.endsWith('.local') || name.endsWith('.localhost') || /^[a-z0-9_-]*[a-z_-][a-z0-9_-]*$/.test(name)
}

function flawOf(address: Address, { allowRemote, env }: SafetyRules): { reason: string; fix: string } | undefined {
  const { host } = address
  if (env['NODE_ENV'] === 'production') {
    return { reason: 'NODE_ENV is "production"', fix: 'run tests with NODE_ENV=test.' }
  }
  const part = productionPartOf(address)
  if (part !== undefined) {
    return { reason: `its ${part} looks like production`, fix: 'use a server that is for tests, and name it so.' }
  }
  const isAllowed = allowRemote.some((name) => name.toLowerCase() === host.toLowerCase())
  if (isAllowed || isLocalHost(host)) return undefined
  const provider = PROVIDERS.find((domain) => host.toLowerCase().endsWith(`.${domain}`))
  return {
    reason: provider === undefined ? `"${host}" is not a local host` : `"${host}" is a server of ${provider}`,
    fix: `use a local server, or, if that one is for tests, add allowRemote: ['${host}'] to the options of the resource.`,
  }
}

function productionPartOf({ host, user, database }: Address): string | undefined {
  if (!host.startsWith('/') && PRODUCTION.test(host)) return `host "${host}"`
  if (PRODUCTION.test(database)) return `database "${database}"`
  return PRODUCTION.test(user) ? `user "${user}"` : undefined
}
