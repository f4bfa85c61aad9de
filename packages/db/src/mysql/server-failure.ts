import { HeddleError, isHeddleError, reasonOf } from '@heddle/core'
import type { Address } from '../common/address.js'

/** Tells why the server cannot be used, and what to do about it. */
export function serverFailure(error: unknown, address: Address): Error {
  if (isHeddleError(error)) return error
  const { reason, fix } = describe(error, address)
  return new HeddleError('HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot use ${address.words}: ${reason}`,
    fix,
    cause: error,
  })
}

function describe(error: unknown, { user }: Address): { readonly reason: string; readonly fix: string } {
  const code = String((error as { readonly code?: unknown }).code)
  switch (code) {
    case 'ECONNREFUSED':
    case 'ETIMEDOUT':
    case 'ENOTFOUND':
    case 'ENOENT': {
      return {
        reason: `no server answers there (${code})`,
        fix: 'start it, or correct the url: docker run -d -p 3306:3306 -e MARIADB_ALLOW_EMPTY_ROOT_PASSWORD=1 mariadb',
      }
    }
    case 'ER_ACCESS_DENIED_ERROR': {
      return { reason: reasonOf(error), fix: 'correct user and password in the url.' }
    }
    case 'ER_DBACCESS_DENIED_ERROR':
    case 'ER_TABLEACCESS_DENIED_ERROR': {
      return {
        reason: `the user "${user}" may not create databases (${reasonOf(error)})`,
        fix: `GRANT ALL ON \`hdl\\_%\`.* TO '${user}'@'%'; GRANT PROCESS ON *.* TO '${user}'@'%';`,
      }
    }
    case 'ER_CON_COUNT_ERROR': {
      return {
        reason: 'it has no connection left',
        fix: 'raise max_connections, or use fewer workers or smaller pools.',
      }
    }
    default: {
      return { reason: reasonOf(error), fix: 'see the cause, and the log of the server.' }
    }
  }
}
