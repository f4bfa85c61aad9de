import type { Relation } from './relation.js'

interface SeededStatements {
  readonly clean: string | null
  readonly differs: string | null
  readonly fill: string | null
}

/** Rows that are the same (there is no key) are told apart by a number. */
export function rowNumber(relation: Relation): string {
  return relation.key.length > 0 ? '1::int8' : 'row_number() OVER (PARTITION BY t::text)'
}

/** What pairs a row with what became of it: the key, as text so that no operator is looked for. */
export function rowKey(relation: Relation): string {
  return relation.key.length > 0 ? `ROW(${relation.key.map((name) => `t.${name}`).join(', ')})::text` : 'NULL::text'
}

/** How a table that has rows in the template is restored row by row. Nothing if it has no column that can be written to. */
export function seededStatements(relation: Relation): SeededStatements {
  const columns = relation.columns.filter((column) => !column.isGenerated).map(({ name }) => name)
  if (columns.length === 0) return { clean: null, differs: null, fill: null }
  return { clean: cleanOf(relation, columns), differs: differsOf(relation), fill: fillOf(relation, columns) }
}

const now = (relation: Relation) =>
  `SELECT t.ctid AS place, t::text AS row, ${rowNumber(relation)} AS number, ${rowKey(relation)} AS key FROM ONLY ${relation.name} t`

const was = ({ id }: Relation) => `SELECT s.row, s.number, s.key FROM _heddle.seed s WHERE s.relation = ${id}`

/** One row if rows are other than they were. */
function differsOf(relation: Relation): string {
  return `SELECT 1 FROM (${now(relation)}) n FULL JOIN (${was(relation)}) w ON w.row = n.row AND w.number = n.number
    WHERE n.row IS NULL OR w.row IS NULL LIMIT 1`
}

/** All in one statement, so that foreign keys are looked at when everything is done. */
function cleanOf(relation: Relation, columns: readonly string[]): string {
  const { id, name } = relation
  const gone = `gone${id}`
  const extra = `extra${id}`
  const values = columns.map((column) => `(g.r).${column}`).join(', ')
  return [
    `now${id} AS MATERIALIZED (${now(relation)})`,
    `was${id} AS MATERIALIZED (${was(relation)})`,
    `${extra} AS MATERIALIZED (SELECT n.place, n.key FROM now${id} n
      WHERE NOT EXISTS (SELECT FROM was${id} w WHERE w.row = n.row AND w.number = n.number))`,
    `${gone} AS MATERIALIZED (SELECT w.row::${name} AS r, w.key FROM was${id} w
      WHERE NOT EXISTS (SELECT FROM now${id} n WHERE n.row = w.row AND n.number = w.number))`,
    ...insertPart(relation, columns, values),
    ...updatePart(relation, columns),
    `delete${id} AS (DELETE FROM ONLY ${name} t USING ${extra} e WHERE t.ctid = e.place${
      isUpdatable(relation) ? ` AND NOT EXISTS (SELECT FROM ${gone} g WHERE g.key = e.key)` : ''
    })`,
  ].join(',\n')
}

function insertPart(relation: Relation, columns: readonly string[], values: string): readonly string[] {
  const { id, name } = relation
  const unless = isUpdatable(relation) ? ` WHERE NOT EXISTS (SELECT FROM extra${id} e WHERE e.key = g.key)` : ''
  return [
    `insert${id} AS (INSERT INTO ${name} (${columns.join(', ')}) OVERRIDING SYSTEM VALUE SELECT ${values} FROM gone${id} g${unless})`,
  ]
}

function updatePart(relation: Relation, columns: readonly string[]): readonly string[] {
  if (!isUpdatable(relation)) return []
  const { id, name, key } = relation
  const set = columns.filter((column) => !key.includes(column)).map((column) => `${column} = (g.r).${column}`)
  return [
    `update${id} AS (UPDATE ONLY ${name} t SET ${set.join(', ')} FROM extra${id} e JOIN gone${id} g ON g.key = e.key WHERE t.ctid = e.place)`,
  ]
}

/** A row whose key is still there is updated, so that what refers to it is left alone. */
function isUpdatable({ key, columns }: Relation): boolean {
  const others = columns.filter((column) => !column.isGenerated && !key.includes(column.name))
  return key.length > 0 && others.length > 0 && others.every((column) => !column.isAlwaysIdentity)
}

function fillOf({ id, name }: Relation, columns: readonly string[]): string {
  const values = columns.map((column) => `(x.r).${column}`).join(', ')
  return `f${id} AS (INSERT INTO ${name} (${columns.join(', ')}) OVERRIDING SYSTEM VALUE SELECT ${values}
    FROM (SELECT s.row::${name} AS r FROM _heddle.seed s WHERE s.relation = ${id} OFFSET 0) x)`
}
