import type { Random } from './random.js'

/** Types of columns, each with what makes a literal of it. */
const TYPES: Readonly<Record<string, (random: Random) => string>> = {
  integer: (random) => `${random.below(50)}`,
  bigint: (random) => `${random.below(50)}00000000007`,
  'numeric(12,3)': (random) => `${random.below(50)}.${random.below(999)}`,
  numeric: (random) => random.pick(['1.0', '1.00', "'NaN'", '-0.0001']),
  'double precision': (random) => random.pick(['0.1', "'NaN'", "'-Infinity'", '1e-300', '0.30000000000000004', "'-0'"]),
  real: (random) => random.pick(['0.1', '3.4e38', '16777217']),
  text: (random) =>
    random.pick(["''", "'a'", "'it''s'", `'say "x"'`, `E'tab\\there'`, `'(1,2)'`, `'\\'`, `'ünï'`, "'NULL'", "' '"]),
  'char(4)': (random) => random.pick(["'a'", "'b  '", "'cdef'"]),
  boolean: (random) => random.pick(['true', 'false']),
  timestamptz: (random) => `'20${10 + random.below(20)}-03-25 02:30:00.123456+01'`,
  date: (random) => random.pick([`'2020-02-29'`, `'infinity'`, `'0044-03-15 BC'`]),
  interval: (random) => random.pick([`'1 year -3 days 04:05:06.789'`, `'-1 month +2 hours'`]),
  jsonb: (random) => random.pick([`'{"a": [1, null]}'`, `'"x"'`, `'null'`]),
  json: (random) => random.pick([`'{"b":1,  "a":2}'`, `'[]'`]),
  bytea: (random) => random.pick([`'\\x00ff'`, `'\\x'`, `'\\x5c22'`]),
  'integer[]': (random) => random.pick([`'{}'`, `'{1,NULL,3}'`, `'{{1,2},{3,4}}'`, `'[5:6]={1,2}'`]),
  'text[]': (random) => random.pick([`'{}'`, `ARRAY['a,b', '"', NULL, 'NULL', '{}']`]),
  uuid: (random) => `'00000000-0000-4000-8000-00000000000${random.below(10)}'`,
  int4range: (random) => random.pick([`'empty'`, `'[1,5)'`, `'(,3)'`]),
  point: () => `'(1.5,-2)'`,
  inet: (random) => random.pick([`'10.0.0.1/8'`, `'::1'`]),
  'bit varying(9)': (random) => random.pick([`B'101'`, `B''`]),
  tsvector: () => `'fat:2 cat:3A'`,
  name: () => `'some name'`,
  'app.mood': (random) => random.pick([`'ok'`, `'it''s, "bad"'`]),
  'app.positive': (random) => `${1 + random.below(9)}`,
  'app.pair': (random) => random.pick([`ROW(1, 'x,y')`, `ROW(NULL, '')`, `ROW(2, NULL)`]),
  'app.pair[]': (random) => random.pick([`ARRAY[ROW(1, '"')::app.pair]`, `'{}'`]),
}

export const TYPE_NAMES: readonly string[] = Object.keys(TYPES)

export const TYPE_STATEMENTS = [
  'CREATE SCHEMA app',
  `CREATE TYPE app.mood AS ENUM ('ok', 'it''s, "bad"')`,
  'CREATE DOMAIN app.positive AS integer CHECK (VALUE > 0)',
  'CREATE TYPE app.pair AS (left_one integer, right_one text)',
]

/** A literal of a type, sometimes NULL. */
export function valueOf(type: string, random: Random): string {
  if (random.isOneIn(6)) return 'NULL'
  const make = TYPES[type]
  if (make === undefined) throw new Error(`no values for ${type}`)
  return `CAST(${make(random)} AS ${type})`
}
