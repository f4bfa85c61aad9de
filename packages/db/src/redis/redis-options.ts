import type { PerTest } from '@heddle/core'
import * as v from 'valibot'
import { checkOptions, nonEmptyText, perTestSchema, textsSchema } from '../common/check-options.js'

/** What a worker has of its own: a server, one of the numbered databases of a server, or keys with a beginning of their own. */
export type RedisIsolation = 'server' | 'database' | 'prefix'

/** What `redis({ … })` takes. */
export interface RedisOptions {
  /** A server that is there. The database that it names is not written to, unless `isolation` is `prefix`. @default own servers */
  readonly url?: string | undefined
  /** @default 'server' without `url`, else 'database' */
  readonly isolation?: RedisIsolation | undefined
  /** The variables that are set to the URL. @default 'REDIS_URL' */
  readonly env?: string | readonly string[] | undefined
  /** The variable that is set to what keys and channels have to begin with, if `isolation` is `prefix`. @default 'REDIS_PREFIX' */
  readonly prefixEnv?: string | undefined
  /** @default 'reset' */
  readonly perTest?: Exclude<PerTest, 'rollback'> | undefined
  /** Hosts that are not local and may be used all the same: names, exactly. */
  readonly allowRemote?: readonly string[] | undefined
  /** Test files that use it, globs relative to the root. @default all */
  readonly files?: string | readonly string[] | undefined
}

const ENTRIES = {
  url: v.optional(nonEmptyText()),
  isolation: v.optional(v.picklist(['server', 'database', 'prefix'])),
  env: v.optional(textsSchema),
  prefixEnv: v.optional(nonEmptyText()),
  perTest: perTestSchema(['reset', 'clone', 'file', 'none']),
  allowRemote: v.optional(v.array(nonEmptyText())),
  files: v.optional(textsSchema),
}

/** @throws HeddleError `HEDDLE_OPTIONS_INVALID` */
export function checkRedisOptions(options: RedisOptions): void {
  checkOptions(options, {
    place: 'redis({ … })',
    entries: ENTRIES,
    describeFlaws: ({ url, isolation }) => [
      ...(url !== undefined && isolation === 'server' ? ['"isolation" cannot be "server" where there is a "url"'] : []),
      ...(url === undefined && isolation === 'database' ? ['"isolation" "database" needs a "url"'] : []),
      ...(url === undefined && isolation === 'prefix' ? ['"isolation" "prefix" needs a "url"'] : []),
    ],
  })
}
