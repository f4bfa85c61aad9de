import { describe, expect, test } from 'vitest'
import { planRelation, type TemplateFacts } from './plan-relation.js'
import type { Relation, RelationTrigger } from './relation.js'

const column = (name: string) => ({ name, isGenerated: false, isAlwaysIdentity: false })

function relation(id: number, parts: Partial<Relation> = {}): Relation {
  return {
    id,
    oid: 1000 + id,
    name: `public.t${id}`,
    label: `public.t${id}`,
    isView: false,
    isPopulated: true,
    isPartition: false,
    hasChildren: false,
    isForcingPolicies: false,
    obstacle: null,
    columns: [column('id'), column('name')],
    key: ['id'],
    triggers: [],
    rules: [],
    ...parts,
  }
}

function trigger(parts: Partial<RelationTrigger> = {}): RelationTrigger {
  return { name: 'noted', enabled: 'O', isForRows: true, isOnDelete: true, isInternal: false, ...parts }
}

function facts(relations: readonly Relation[], parts: Partial<TemplateFacts> = {}): TemplateFacts {
  return { relations, keys: [], counts: new Map(), stale: new Set(), hasEventTriggers: false, ...parts }
}

const plan = (one: Relation, parts: Partial<TemplateFacts> = {}, others: readonly Relation[] = []) =>
  planRelation(one, facts([one, ...others], parts))

describe('a table without rows', () => {
  test('is emptied, and truncated if there is much', () => {
    expect(plan(relation(1))).toMatchObject({
      kind: 'empty',
      isFinal: false,
      clean: 'c1 AS (DELETE FROM ONLY public.t1)',
      truncate: 'TRUNCATE ONLY public.t1',
      before: null,
    })
  })

  test('is truncated together with what refers to it, unless that has rows', () => {
    const child = relation(2)
    const keys = [{ from: child.oid, to: 1001, isActing: false }]
    expect(plan(relation(1), { keys }, [child]).truncate).toBe('TRUNCATE ONLY public.t1, ONLY public.t2')
    expect(plan(relation(1), { keys, counts: new Map([[2, 1]]) }, [child]).truncate).toBeNull()
    expect(plan(relation(1), { keys }, [relation(2, { isPartition: true })]).truncate).toBeNull()
  })

  test('leaves triggers on that do not look at deletions', () => {
    const triggers = [trigger({ name: 'a' }), trigger({ name: 'b', isOnDelete: false, enabled: 'A' })]
    expect(plan(relation(1, { triggers }))).toMatchObject({
      before: 'ALTER TABLE ONLY public.t1 DISABLE TRIGGER a',
      after: 'ALTER TABLE ONLY public.t1 ENABLE TRIGGER a',
      truncate: null,
    })
  })
})

describe('a table with rows', () => {
  const counts = new Map([[1, 3]])

  test('is restored row by row: rows whose key is there are updated', () => {
    const { kind, clean } = plan(relation(1), { counts })
    expect(kind).toBe('seeded')
    expect(clean).toContain('UPDATE ONLY public.t1 t SET name = (g.r).name FROM')
    expect(clean).toContain('OVERRIDING SYSTEM VALUE')
  })

  test('without a key, or with an identity that cannot be updated, rows go and come', () => {
    expect(plan(relation(1, { key: [] }), { counts }).clean).not.toContain('UPDATE')
    const columns = [column('id'), { ...column('number'), isAlwaysIdentity: true }]
    expect(plan(relation(1, { columns }), { counts }).clean).not.toContain('UPDATE')
  })

  test('generated columns are left to the server; if there are no others, the database is made anew', () => {
    const generated = { name: 'twice', isGenerated: true, isAlwaysIdentity: false }
    expect(plan(relation(1, { columns: [column('id'), generated] }), { counts }).fill).toContain('(id) OVERRIDING')
    expect(plan(relation(1, { columns: [generated] }), { counts })).toMatchObject({ isFinal: true, clean: null })
  })

  test('switches all of its triggers, rules and policies off and on as they were', () => {
    const one = relation(1, {
      triggers: [trigger(), trigger({ name: 'always', enabled: 'A', isOnDelete: false })],
      rules: [{ name: 'keep', enabled: 'O' }],
      isForcingPolicies: true,
    })
    expect(plan(one, { counts }).before).toBe(
      'ALTER TABLE ONLY public.t1 DISABLE TRIGGER noted, DISABLE TRIGGER always, DISABLE RULE keep, NO FORCE ROW LEVEL SECURITY',
    )
    expect(plan(one, { counts }).after).toBe(
      'ALTER TABLE ONLY public.t1 ENABLE TRIGGER noted, ENABLE ALWAYS TRIGGER always, ENABLE RULE keep, FORCE ROW LEVEL SECURITY',
    )
  })

  test('has those looked at that its foreign keys may have changed', () => {
    const child = relation(2)
    const key = { from: child.oid, to: 1001, isActing: true }
    expect(plan(relation(1), { counts, keys: [key] }, [child]).suspects).toEqual([1, 2])
    expect(plan(relation(1), { counts, keys: [{ ...key, isActing: false }] }, [child])).toMatchObject({
      suspects: [],
      dependents: [1, 2],
    })
  })
})

test('guards tables that are reached over foreign keys and have triggers for statements', () => {
  const child = relation(2, { triggers: [trigger({ isForRows: false })] })
  const quiet = relation(3, { triggers: [trigger()] })
  const keys = [child, quiet].map(({ oid }) => ({ from: oid, to: 1001, isActing: true }))
  expect(plan(relation(1), { keys }, [child, quiet]).guards).toEqual([1, 2])
})

test('what needs to be altered for its time cannot be with event triggers, or if only a superuser may', () => {
  const triggers = [trigger()]
  expect(plan(relation(1, { triggers }), { hasEventTriggers: true }).isFinal).toBe(true)
  expect(plan(relation(1), { hasEventTriggers: true }).isFinal).toBe(false)
  expect(plan(relation(1, { triggers: [trigger({ isInternal: true })] })).isFinal).toBe(true)
})

describe('a materialised view', () => {
  test('is refreshed, without data if it had none', () => {
    expect(plan(relation(1, { isView: true })).refresh).toBe('REFRESH MATERIALIZED VIEW public.t1')
    expect(plan(relation(1, { isView: true, isPopulated: false })).refresh).toContain('WITH NO DATA')
  })

  test('that would be another one means a new database', () => {
    expect(plan(relation(1, { isView: true }), { stale: new Set([1]) }).isFinal).toBe(true)
  })
})
