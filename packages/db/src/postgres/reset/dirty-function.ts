import { quoteLiteral } from '../../common/quote.js'
import type { Relation, SequenceState } from './relation.js'

/**
 * `_heddle.dirty(mark)`: the ids of relations that may be other than in the template. Written out, so that the session keeps a
 * plan for each statement.
 *
 * A table without rows is looked into only if its file is not empty. One with rows is the same as long as none is newer than the
 * mark and there are as many.
 */
export function dirtyFunctionSql(relations: readonly Relation[], counts: ReadonlyMap<number, number>): string {
  const parts = relations.map((relation) => partOf(relation, counts.get(relation.id) ?? 0))
  return `CREATE FUNCTION _heddle.dirty(mark xid) RETURNS int[] LANGUAGE plpgsql AS ${quoteLiteral(`
#variable_conflict use_variable
DECLARE touched int[] := '{}'; filled oid[]; rows bigint; fresh bigint;
BEGIN
  SELECT array_agg(r.oid) INTO filled FROM _heddle.relation r WHERE r.kind = 'empty' AND pg_relation_size(r.oid) > 0;
${parts.join('\n')}
  RETURN touched;
END`)}`
}

function partOf(relation: Relation, count: number): string {
  const { id, oid, name } = relation
  if (relation.isView && !relation.isPopulated) {
    return `  IF (SELECT relispopulated FROM pg_class WHERE oid = ${oid}) THEN touched := touched || ${id}; END IF;`
  }
  if (count === 0 && !relation.isView) {
    const holds = relation.isForcingPolicies ? 'true' : `EXISTS (SELECT FROM ONLY ${name})`
    return `  IF ${oid} = ANY (filled) THEN IF ${holds} THEN touched := touched || ${id}; END IF; END IF;`
  }
  if (relation.isForcingPolicies) return `  touched := touched || ${id};`
  const isUnread = relation.isView
    ? `IF NOT (SELECT relispopulated FROM pg_class WHERE oid = ${oid}) THEN touched := touched || ${id}; ELSE `
    : ''
  return `  ${isUnread}SELECT count(*), count(*) FILTER (WHERE age(t.xmin) < age(mark)) INTO rows, fresh FROM ONLY ${name} t;
  IF rows <> ${count} OR fresh > 0 THEN touched := touched || ${id}; END IF;${isUnread === '' ? '' : ' END IF;'}`
}

/** `_heddle.moved()`: the sequences that are elsewhere than in the template, by their place in `_heddle.sequence`. */
export function movedFunctionSql(sequences: readonly SequenceState[]): string {
  const parts = sequences.map(
    ({ name, last, isCalled }, place) =>
      `SELECT ${place} AS place FROM ${name} WHERE last_value <> ${last} OR is_called <> ${isCalled}`,
  )
  const query = parts.length === 0 ? 'SELECT NULL::int AS place WHERE false' : parts.join('\n    UNION ALL ')
  return `CREATE FUNCTION _heddle.moved() RETURNS int[] LANGUAGE plpgsql AS ${quoteLiteral(`
BEGIN
  RETURN ARRAY(${query});
END`)}`
}
