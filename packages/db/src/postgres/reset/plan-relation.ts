import { referencing } from './referencing.js'
import type { ForeignKey, Relation } from './relation.js'
import { seededStatements } from './seeded-statements.js'

/** What is known of a template before the parts of its reset are written. */
export interface TemplateFacts {
  readonly relations: readonly Relation[]
  readonly keys: readonly ForeignKey[]
  /** Rows that each has, by id. */
  readonly counts: ReadonlyMap<number, number>
  /** Whether what is refreshed gives what is there, by id of views. */
  readonly stale: ReadonlySet<number>
  /** An event trigger would fire at what a reset has to switch off for its time. */
  readonly hasEventTriggers: boolean
}

/** How one relation is made clean, as rows of `_heddle.relation`. */
export interface RelationPlan {
  readonly id: number
  readonly oid: number
  readonly label: string
  /** `empty`, `seeded` or `view`. */
  readonly kind: string
  /** It cannot be cleaned in place: the database has to be made anew once it is touched. */
  readonly isFinal: boolean
  /** Relations whose triggers are to be off while this one is cleaned, by id. */
  readonly guards: readonly number[]
  readonly before: string | null
  readonly after: string | null
  /** A part of a WITH, which takes all that is to be done away. */
  readonly clean: string | null
  /** A query of one row if it is not as it was. */
  readonly differs: string | null
  /** Relations that may have changed because this one was cleaned, by id. */
  readonly suspects: readonly number[]
  /** Relations that have to be emptied before this one can be, by id. */
  readonly dependents: readonly number[]
  readonly empty: string | null
  readonly fill: string | null
  /** For when there is much. */
  readonly truncate: string | null
  readonly refresh: string | null
}

export function planRelation(relation: Relation, facts: TemplateFacts): RelationPlan {
  if (relation.isView) return planView(relation, facts)
  const isSeeded = (facts.counts.get(relation.id) ?? 0) > 0
  const guard = guardOf(relation, isSeeded, facts)
  const plan = {
    id: relation.id,
    oid: relation.oid,
    label: relation.label,
    guards: guardsOf(relation, facts),
    before: guard?.before ?? null,
    after: guard?.after ?? null,
    dependents: idsOf(referencing(relation.oid, facts.keys), facts),
    empty: `w${relation.id} AS (DELETE FROM ONLY ${relation.name})`,
    refresh: null,
  }
  const isFinal = guard !== undefined && (facts.hasEventTriggers || relation.triggers.some((one) => one.isInternal))
  if (!isSeeded) return { ...plan, ...planEmpty(relation, facts), isFinal }
  const statements = seededStatements(relation)
  const suspects = isActedOn(relation, facts) ? plan.dependents : []
  return { ...plan, kind: 'seeded', suspects, truncate: null, ...statements, isFinal: isFinal || !statements.fill }
}

function planEmpty(relation: Relation, facts: TemplateFacts) {
  return {
    kind: 'empty',
    clean: `c${relation.id} AS (DELETE FROM ONLY ${relation.name})`,
    differs: null,
    suspects: [],
    fill: null,
    truncate: truncateOf(relation, facts),
  }
}

/** Truncating asks for all tables that refer to it, so it is for those of which none has to be filled again. */
function truncateOf(relation: Relation, facts: TemplateFacts): string | null {
  const tables = facts.relations.filter((other) => referencing(relation.oid, facts.keys).has(other.oid))
  if (tables.length > 1 && tables.some((other) => other.isPartition)) return null
  if (tables.some((other) => (facts.counts.get(other.id) ?? 0) > 0 || other.triggers.length > 0)) return null
  return `TRUNCATE ${tables.map((other) => `ONLY ${other.name}`).join(', ')}`
}

function planView(relation: Relation, facts: TemplateFacts): RelationPlan {
  return {
    id: relation.id,
    oid: relation.oid,
    label: relation.label,
    kind: (facts.counts.get(relation.id) ?? 0) > 0 ? 'view' : 'emptyView',
    isFinal: facts.stale.has(relation.id) || facts.hasEventTriggers,
    guards: [],
    before: null,
    after: null,
    clean: null,
    differs: null,
    suspects: [],
    dependents: [],
    empty: null,
    fill: null,
    truncate: null,
    refresh: `REFRESH MATERIALIZED VIEW ${relation.name}${relation.isPopulated ? '' : ' WITH NO DATA'}`,
  }
}

/** Switches off what must not notice that rows come and go, and on again just as it was. */
function guardOf(relation: Relation, isSeeded: boolean, facts: TemplateFacts) {
  const notices = isSeeded || (isActing(relation, facts) && relation.triggers.some((one) => !one.isForRows))
  const triggers = relation.triggers.filter((one) => notices || one.isOnDelete)
  const off: string[] = []
  const on: string[] = []
  for (const { name, enabled } of triggers) {
    off.push(`DISABLE TRIGGER ${name}`)
    on.push(`ENABLE ${enabled === 'A' ? 'ALWAYS ' : ''}TRIGGER ${name}`)
  }
  for (const { name, enabled } of relation.rules) {
    off.push(`DISABLE RULE ${name}`)
    on.push(`ENABLE ${enabled === 'A' ? 'ALWAYS ' : ''}RULE ${name}`)
  }
  if (relation.isForcingPolicies) {
    off.push('NO FORCE ROW LEVEL SECURITY')
    on.push('FORCE ROW LEVEL SECURITY')
  }
  if (off.length === 0) return undefined
  const alter = (actions: readonly string[]) => `ALTER TABLE ONLY ${relation.name} ${actions.join(', ')}`
  return { before: alter(off), after: alter(on) }
}

/**
 * Itself, and tables that what happens here reaches over foreign keys: their triggers for statements fire even if no row is
 * concerned.
 */
function guardsOf(relation: Relation, facts: TemplateFacts): readonly number[] {
  const acting = facts.keys.filter((key) => key.isActing)
  const reached = facts.relations.filter((other) => referencing(relation.oid, acting).has(other.oid))
  return reached
    .filter((other) => other === relation || other.triggers.some((one) => !one.isForRows))
    .map(({ id }) => id)
}

/** Whether a change elsewhere can change rows of it. */
function isActing(relation: Relation, { keys }: TemplateFacts): boolean {
  return keys.some((key) => key.isActing && key.from === relation.oid)
}

/** Whether a change of it can change rows elsewhere. */
function isActedOn(relation: Relation, { keys }: TemplateFacts): boolean {
  return keys.some((key) => key.isActing && key.to === relation.oid)
}

function idsOf(oids: ReadonlySet<number>, { relations }: TemplateFacts): readonly number[] {
  return relations.filter((relation) => oids.has(relation.oid)).map(({ id }) => id)
}
