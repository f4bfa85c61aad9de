import { setTimeout as sleep } from 'node:timers/promises'
import type { EndedTest, ResourceContext, TestReport } from '@heddle/core'
import { openDatabaseSource } from './database-source.js'
import { openPrefixSource } from './prefix-source.js'
import type { RedisOptions } from './redis-options.js'
import type { RedisSource, RedisSpace } from './redis-space.js'
import { sweepSpaces } from './redis-sweep.js'
import { openServerSource } from './server-source.js'
import { openSharedServer } from './shared-server.js'

const LOOKS = 4
const BETWEEN_LOOKS_MS = 50

export async function startRedis(options: RedisOptions, context: ResourceContext): Promise<RedisSource> {
  if (options.url === undefined) return openServerSource(context)
  const server = await openSharedServer(options, context, context.runId)
  // Before anything is taken: there are few databases, and what a dead run holds may be needed.
  await sweepSpaces(server)
  return options.isolation === 'prefix' || server.count < 3 ? openPrefixSource(server) : openDatabaseSource(server)
}

/** Those that go on. What ends by itself within a moment is not left open. */
export async function lookAfterTest(
  space: RedisSpace,
  { isShared = false }: Pick<EndedTest, 'isShared'> = {},
): Promise<TestReport> {
  if (isShared) return {}
  let open = await space.findOpen()
  for (let i = 0; i < LOOKS && open.length > 0; i += 1) {
    await sleep(BETWEEN_LOOKS_MS)
    const now = await space.findOpen()
    open = open.filter((words) => now.includes(words))
  }
  return { left: open.map((words) => `a MULTI is open: ${words}`) }
}
