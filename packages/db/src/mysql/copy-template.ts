import { quoteBackticked as quote } from '../common/quote.js'
import type { CodeObject } from './code-objects.js'
import type { MysqlSession } from './mysql-session.js'
import { withoutCounter, type TableShape, type TemplateShape } from './template-shape.js'

/**
 * Fills an empty database with what the template has.
 *
 * @param session in that database
 */
export async function copyTemplate(session: MysqlSession, shape: TemplateShape): Promise<void> {
  await session.script(['SET SESSION foreign_key_checks = 0, unique_checks = 0', ...statementsOf(shape)].join(';\n'))
  try {
    await createCode(session, shape.code)
  } finally {
    await session.script('SET SESSION foreign_key_checks = 1, unique_checks = 1')
  }
}

/** Creates them one after the other; a view that needs one that is not yet there is tried again. */
export async function createCode(session: MysqlSession, code: readonly CodeObject[]): Promise<void> {
  const [row] = await session.rows('SELECT @@SESSION.sql_mode AS mode')
  let rest = code
  let failed: CodeObject[] = []
  do {
    failed = []
    for (const object of rest) {
      const error = await tryCreate(session, object)
      if (error !== undefined && (object.kind !== 'VIEW' || rest.length === 1)) throw error
      if (error !== undefined) failed.push(object)
      if (failed.length === rest.length) throw error
    }
    rest = failed
  } while (rest.length > 0)
  await session.rows('SET SESSION sql_mode = ?', [row?.['mode']])
}

/** How rows of the template come into the table of the same name. */
export function fillStatement(table: TableShape, template: string): string {
  const columns = table.columns.map(({ name }) => quote(name)).join(',')
  return `INSERT INTO ${quote(table.name)} (${columns}) SELECT ${columns} FROM ${quote(template)}.${quote(table.name)}`
}

function statementsOf({ database, tables, sequences }: TemplateShape): readonly string[] {
  const own = (create: string): string => create.replaceAll(`${quote(database)}.`, '')
  return [
    ...sequences.flatMap(({ name, create, next }) => [own(create), `ALTER SEQUENCE ${quote(name)} RESTART ${next}`]),
    ...tables.flatMap((table) => [
      own(table.create),
      ...(table.fingerprint === undefined ? [] : [fillStatement(table, database)]),
    ]),
    ...tables.filter(countsOn).map(({ name, autoIncrement }) => counterStatement(name, autoIncrement)),
  ]
}

/** Sets the number that the next row gets. */
export function counterStatement(table: string, next: string | undefined): string {
  return `ALTER TABLE ${quote(table)} AUTO_INCREMENT = ${next ?? 1}`
}

/** Whether its creation does not say where it goes on counting. */
function countsOn({ create, autoIncrement }: TableShape): boolean {
  return autoIncrement !== undefined && autoIncrement !== '1' && withoutCounter(create) === create
}

async function tryCreate(session: MysqlSession, { create: statement, sqlMode }: CodeObject): Promise<unknown> {
  try {
    if (sqlMode !== undefined) await session.rows('SET SESSION sql_mode = ?', [sqlMode])
    await session.rows(statement)
    return undefined
  } catch (error) {
    return error
  }
}
