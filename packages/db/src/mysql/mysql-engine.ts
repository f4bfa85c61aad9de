import {
  HeddleError,
  type EndedTest,
  type InstanceRequest,
  type ResetReport,
  type ResourceContext,
  type TestReport,
} from '@heddle/core'
import { planMigrations } from '../common/plan-migrations.js'
import { ensureTemplate } from './make-template.js'
import { createDatabase, type MysqlDatabase } from './mysql-database.js'
import type { MysqlOptions } from './mysql-options.js'
import { openServer, type MysqlServer } from './mysql-server.js'
import { openSession } from './mysql-session.js'
import { unresettable } from './reset/mysql-reset.js'
import { sweep } from './sweep.js'
import { readTemplateShape, type TemplateShape } from './template-shape.js'

/** What one run has on a server. */
export interface MysqlRun {
  readonly server: MysqlServer
  readonly shape: TemplateShape
  readonly sweeping: Promise<unknown>
}

export async function startMysql(options: MysqlOptions, context: ResourceContext): Promise<MysqlRun> {
  const plan = await planMigrations(options.migrations, context)
  const server = await openServer(options, { surroundings: context, runId: context.runId, signal: context.signal })
  try {
    const template = await ensureTemplate(server, plan)
    const shape = await readShape(server, template)
    refuseVersioned(options, context.name, shape)
    // In the background: what dead runs left is in nobody's way.
    const sweeping = sweep(server.admin).catch(() => undefined)
    return { server, shape, sweeping }
  } catch (error) {
    await server.admin.end()
    throw error
  }
}

export function createMysql(run: MysqlRun, request: InstanceRequest): Promise<MysqlDatabase> {
  return createDatabase(run.server, run.shape, request)
}

export async function resetMysql(database: MysqlDatabase): Promise<ResetReport> {
  const { cleaned, isSchemaChanged, ended } = await database.reset.reset()
  if (isSchemaChanged) {
    await database.recreate()
    return {
      cleaned: ['the schema'],
      notice: `${database.name}: a test has changed tables, views or routines, so the database was made anew; perTest: 'clone' is right for such tests`,
    }
  }
  const notice =
    ended.length === 0 ? undefined : `${database.name}: ended connections that held locks: ${ended.join(', ')}`
  return { cleaned, notice }
}

export async function lookAfterTest(
  database: MysqlDatabase,
  { isShared = false }: Pick<EndedTest, 'isShared'> = {},
): Promise<TestReport> {
  if (isShared) return {}
  const open = await database.reset.findOpen()
  return { left: open.map(({ words }) => `a transaction is open in ${database.name}: ${words}`) }
}

export async function stopMysql({ server, sweeping }: MysqlRun): Promise<void> {
  await sweeping
  await server.admin.end()
}

async function readShape({ mysql2, url }: MysqlServer, template: string): Promise<TemplateShape> {
  const session = await openSession(mysql2, url, template)
  try {
    return await readTemplateShape(session, template)
  } finally {
    await session.end()
  }
}

function refuseVersioned({ perTest = 'reset' }: MysqlOptions, name: string, shape: TemplateShape): void {
  const tables = unresettable(shape).map((table) => `"${table}"`)
  if (tables.length === 0 || perTest === 'clone' || perTest === 'none') return
  throw new HeddleError('HEDDLE_RESOURCE_INVALID', {
    problem: `Cannot reset resource "${name}" in place: ${tables.join(', ')} keep a history that only a new table is without`,
    fix: "perTest: 'clone'.",
  })
}
