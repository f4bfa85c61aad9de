import { expect } from 'vitest'
import { installReset, resetDatabase } from '../src/postgres/reset/reset.js'
import type { SqlClient } from '../src/postgres/sql-client.js'
import { Random } from './random.js'
import { dump } from './reset-dump.js'
import type { ResetPlace } from './reset-place.js'
import { randomSchema, type RandomSchema } from './reset-schema.js'
import { insertInto, randomStatement, tryStatement } from './reset-workload.js'

/** Workloads that one schema is given: making a schema takes longer than a workload. */
const PER_SCHEMA = 25

/** What has been done, so that a test can tell that it has done something. */
export interface PropertyReport {
  readonly workloads: number
  /** Resets that had something to clean. */
  readonly cleaned: number
}

/** Random schemas, random workloads: after each reset the database is a fresh one. Throws with the seed if not. */
export async function checkResets(place: ResetPlace, seed: number, workloads: number): Promise<PropertyReport> {
  let cleaned = 0
  for (let done = 0; done < workloads; done += PER_SCHEMA) {
    cleaned += await checkSchema(place, seed + done, Math.min(PER_SCHEMA, workloads - done))
  }
  return { workloads, cleaned }
}

async function checkSchema(place: ResetPlace, seed: number, workloads: number): Promise<number> {
  const random = new Random(seed)
  const schema = randomSchema(random, !place.losesUnlogged)
  const scene = await place.open()
  try {
    await build(scene.template, schema, random)
    await installReset(scene.template)
    await scene.seal()
    const fresh = await scene.clone()
    const used = await scene.clone()
    const expected = await dump(fresh.reader)
    let cleaned = 0
    for (let workload = 0; workload < workloads; workload += 1) {
      const statements = await work(used.tests, schema, random)
      const told = `seed ${seed}, workload ${workload} of ${place.words}:\n${schema.statements.join(';\n')}\n--\n${statements.join(';\n')}\n`
      const outcome = await resetDatabase(used.session).catch((error: unknown) => {
        throw new Error(told, { cause: error })
      })
      expect(outcome.isSchemaChanged, told).toBe(false)
      expect(await dump(used.reader), told).toEqual(expected)
      if (outcome.cleaned.length > 0) cleaned += 1
    }
    await behave(schema, random, [fresh, used])
    await used.drop()
    await fresh.drop()
    return cleaned
  } finally {
    await scene.close()
  }
}

async function build(template: SqlClient, schema: RandomSchema, random: Random): Promise<void> {
  for (const statement of schema.statements) await template.query(statement)
  for (const table of schema.tables) {
    if (random.isOneIn(3)) continue
    for (let count = random.below(12); count > 0; count -= 1) await tryStatement(template, insertInto(table, random))
    // Rows that are the same, where there is no key.
    if (random.isOneIn(2)) await tryStatement(template, `INSERT INTO ${table.name} SELECT * FROM ${table.name}`)
  }
  if (random.isOneIn(3)) await template.query(`SELECT lo_from_bytea(0, 'of the template')`)
  const [first] = schema.views
  if (first !== undefined && random.isOneIn(2)) {
    for (const view of schema.views) await template.query(`REFRESH MATERIALIZED VIEW ${view}`)
  }
}

async function work(tests: SqlClient, schema: RandomSchema, random: Random): Promise<readonly string[]> {
  const statements: string[] = []
  for (let count = random.below(14); count > 0; count -= 1) {
    const statement = randomStatement(schema, random)
    statements.push(statement)
    await tryStatement(tests, statement)
  }
  return statements
}

interface Behaving {
  readonly tests: SqlClient
  readonly reader: SqlClient
}

/** The same inserts have the same results, triggers and numbers included, as in one that nothing was done to. */
async function behave(
  schema: RandomSchema,
  random: Random,
  [fresh, used]: readonly [Behaving, Behaving],
): Promise<void> {
  const statements = schema.tables.flatMap((table) => [
    insertInto(table, random),
    `DELETE FROM ${table.name} WHERE u = 1`,
  ])
  for (const statement of statements) {
    const results = []
    for (const { tests } of [fresh, used]) {
      results.push(
        await tests.query(`${statement} RETURNING *`).then(
          ({ rows }) => rows,
          (error: unknown) => String(error),
        ),
      )
    }
    expect(sorted(results[1]), statement).toEqual(sorted(results[0]))
  }
  expect(await dump(used.reader)).toEqual(await dump(fresh.reader))
}

/** Rows of a DELETE come in the order in which they lie, which is no promise. */
function sorted(result: unknown): unknown {
  return Array.isArray(result) ? result.map((row) => JSON.stringify(row)).sort() : result
}
