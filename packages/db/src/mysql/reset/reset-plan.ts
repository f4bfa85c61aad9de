import { quoteBackticked as quote } from '../../common/quote.js'
import type { CodeObject } from '../code-objects.js'
import { counterStatement, fillStatement } from '../copy-template.js'
import type { TableShape, TemplateShape } from '../template-shape.js'
import type { Probe } from './probe.js'

/** What makes a database as the template is. */
export interface ResetPlan {
  /** Names of tables and sequences, for people. */
  readonly cleaned: readonly string[]
  /** To be run with foreign keys unchecked. */
  readonly statements: readonly string[]
  /** Triggers to be created again: they were dropped, lest they fire. */
  readonly triggers: readonly CodeObject[]
}

/** Pure. */
export function planReset(shape: TemplateShape, probe: Probe): ResetPlan {
  const dirty = shape.tables.filter(({ name }) => probe.touched.has(name))
  const counted = shape.tables.filter((table) => isCounterMoved(table, probe))
  const moved = shape.sequences.filter(({ name, next }) => probe.sequences.get(name) !== next)
  const triggers = dirty
    .filter(({ fingerprint }) => fingerprint !== undefined)
    .flatMap((table) => triggersOf(shape, table))
  const needOf = (table: TableShape): Need => ({
    isDirty: dirty.includes(table),
    isCounted: counted.includes(table),
    hasTriggers: triggersOf(shape, table).length > 0,
  })
  const names = [...new Set([...dirty, ...counted, ...moved].map(({ name }) => name))]
  return {
    cleaned: names,
    triggers,
    statements: [
      ...triggers.map(({ name }) => `DROP TRIGGER ${quote(name)}`),
      ...inFewCommits(shape.tables.flatMap((table) => statementsFor(table, needOf(table), shape.database))),
      ...moved.map(({ name, next }) => `ALTER SEQUENCE ${quote(name)} RESTART ${next}`),
    ],
  }
}

/** Rows of all tables in one transaction: each commit waits for the disk. What defines tables commits by itself. */
function inFewCommits(statements: readonly string[]): readonly string[] {
  const ofRows = statements.filter((statement) => /^(?:DELETE|INSERT) /.test(statement))
  const others = statements.filter((statement) => !ofRows.includes(statement))
  return ofRows.length < 2 ? [...ofRows, ...others] : ['START TRANSACTION', ...ofRows, 'COMMIT', ...others]
}

/** What a table needs. */
interface Need {
  readonly isDirty: boolean
  readonly isCounted: boolean
  readonly hasTriggers: boolean
}

function statementsFor(table: TableShape, need: Need, template: string): readonly string[] {
  const { isDirty, isCounted } = need
  if (!isDirty && !isCounted) return []
  if (table.fingerprint === undefined) return emptyingStatements(table, need)
  return [
    ...(isDirty ? [`DELETE FROM ${quote(table.name)}`, fillStatement(table, template)] : []),
    ...(isCounted ? [counterStatement(table.name, table.autoIncrement)] : []),
  ]
}

/** To truncate a table takes longer than to delete a few rows, but fires no triggers, and begins to count at 1 again. */
function emptyingStatements({ name, autoIncrement }: TableShape, need: Need): readonly string[] {
  const { isDirty, isCounted, hasTriggers } = need
  const beginsAtOne = (autoIncrement ?? '1') === '1'
  const counter = [counterStatement(name, autoIncrement)]
  if (hasTriggers || (isCounted && beginsAtOne)) {
    return [`TRUNCATE TABLE ${quote(name)}`, ...(beginsAtOne ? [] : counter)]
  }
  return [...(isDirty ? [`DELETE FROM ${quote(name)}`] : []), ...(isCounted ? counter : [])]
}

function isCounterMoved({ name, autoIncrement }: TableShape, probe: Probe): boolean {
  return autoIncrement !== undefined && probe.counters.get(name) !== autoIncrement
}

function triggersOf({ code }: TemplateShape, { name }: TableShape): readonly CodeObject[] {
  return code.filter(({ kind, table }) => kind === 'TRIGGER' && table === name)
}
