import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { installReset, resetDatabase } from '../src/postgres/reset/reset.js'
import { needServer } from './postgres-server.js'
import { serverPlace, type ResetClone, type ResetPlace, type ResetScene } from './reset-place.js'

const TEMPLATE = `
CREATE TYPE mood AS ENUM ('ok');
CREATE TYPE pair AS (one integer, two text);
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE SEQUENCE numbers;
CREATE TABLE plan (id serial PRIMARY KEY, name text DEFAULT 'free', feeling mood);
CREATE TABLE users (id serial PRIMARY KEY, plan integer REFERENCES plan (id), email text UNIQUE, big text);
CREATE INDEX users_plan ON users (plan);
CREATE VIEW names AS SELECT name FROM plan;
CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 * 2';
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER noted AFTER INSERT ON users EXECUTE FUNCTION noted();
CREATE POLICY mine ON users USING (true);
CREATE TABLE parted (id integer) PARTITION BY LIST (id);
CREATE TABLE parted_one PARTITION OF parted FOR VALUES IN (1);
CREATE STATISTICS correlated ON plan, email FROM users;
INSERT INTO plan (name) VALUES ('free'), ('paid');
`

/** Each is a change of the schema. */
const CHANGES = [
  'CREATE TABLE extra (id integer)',
  'DROP TABLE users',
  'ALTER TABLE users ADD COLUMN age integer',
  `ALTER TABLE users ADD COLUMN age integer DEFAULT 7`,
  'ALTER TABLE users DROP COLUMN big',
  'ALTER TABLE users RENAME COLUMN big TO bigger',
  'ALTER TABLE users RENAME TO people',
  'ALTER TABLE users ALTER COLUMN email SET NOT NULL',
  'ALTER TABLE users ALTER COLUMN big TYPE varchar(9)',
  `ALTER TABLE plan ALTER COLUMN name SET DEFAULT 'paid'`,
  'ALTER TABLE plan ALTER COLUMN name DROP DEFAULT',
  'ALTER TABLE users ADD CHECK (id > 0)',
  'ALTER TABLE users DROP CONSTRAINT users_plan_fkey',
  'ALTER TABLE users ALTER CONSTRAINT users_plan_fkey DEFERRABLE',
  'ALTER TABLE users ENABLE ROW LEVEL SECURITY',
  'ALTER TABLE users SET (fillfactor = 50)',
  'ALTER TABLE users SET UNLOGGED',
  'ALTER TABLE users DISABLE TRIGGER noted',
  'CREATE INDEX ON users (big)',
  'DROP INDEX users_plan',
  'ALTER INDEX users_plan RENAME TO by_plan',
  'CREATE VIEW more AS SELECT 1 AS one',
  'CREATE OR REPLACE VIEW names AS SELECT upper(name) AS name FROM plan',
  'DROP VIEW names',
  'CREATE MATERIALIZED VIEW kept AS SELECT 1 AS one',
  'CREATE SEQUENCE more_numbers',
  'ALTER SEQUENCE numbers INCREMENT BY 5',
  'DROP SEQUENCE numbers',
  `CREATE FUNCTION thrice(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 * 3'`,
  `CREATE OR REPLACE FUNCTION twice(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 * 3'`,
  'DROP FUNCTION twice(integer)',
  'ALTER FUNCTION twice(integer) IMMUTABLE',
  'CREATE TRIGGER again AFTER INSERT ON users EXECUTE FUNCTION noted()',
  'DROP TRIGGER noted ON users',
  `CREATE TYPE colour AS ENUM ('red')`,
  `ALTER TYPE mood ADD VALUE 'sad'`,
  `ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'`,
  'ALTER TYPE pair ADD ATTRIBUTE three integer',
  'DROP TYPE pair',
  'ALTER DOMAIN positive DROP CONSTRAINT positive_check',
  'DROP DOMAIN positive',
  'CREATE POLICY other ON users USING (false)',
  'ALTER POLICY mine ON users USING (false)',
  'DROP POLICY mine ON users',
  'CREATE SCHEMA more',
  'DROP SCHEMA _heddle CASCADE',
  'DROP SCHEMA public CASCADE',
  'GRANT SELECT ON users TO PUBLIC',
  'GRANT SELECT (email) ON users TO PUBLIC',
  'GRANT CREATE ON SCHEMA public TO PUBLIC',
  'REVOKE EXECUTE ON FUNCTION twice(integer) FROM PUBLIC',
  'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC',
  `COMMENT ON TABLE users IS 'people'`,
  'CREATE RULE silent AS ON INSERT TO users DO INSTEAD NOTHING',
  'CREATE TABLE parted_two PARTITION OF parted FOR VALUES IN (2)',
  'ALTER TABLE parted DETACH PARTITION parted_one',
  'DROP STATISTICS correlated',
  'CREATE AGGREGATE total (integer) (SFUNC = int4pl, STYPE = integer)',
  'CREATE CAST (integer AS mood) WITH INOUT',
  'CREATE PUBLICATION news',
  'DROP TABLE users; CREATE TABLE users (id serial PRIMARY KEY, plan integer REFERENCES plan (id), email text UNIQUE, big text)',
]

/** None of them is. */
const NO_CHANGES = [
  'TRUNCATE users',
  'TRUNCATE plan RESTART IDENTITY CASCADE',
  'ANALYZE',
  'VACUUM',
  'VACUUM FULL plan',
  'VACUUM FULL',
  'VACUUM FREEZE',
  'CLUSTER users USING users_pkey',
  'REINDEX TABLE users',
  `CREATE TEMP TABLE scratch (id serial PRIMARY KEY, plan integer); CREATE INDEX ON scratch (plan); CREATE TEMP VIEW of_scratch AS SELECT * FROM scratch`,
  'BEGIN; CREATE TABLE extra (id integer); ROLLBACK',
  'BEGIN; DROP TABLE users; ROLLBACK',
  'ALTER SEQUENCE numbers RESTART WITH 9',
  `INSERT INTO users (email, big) VALUES ('a', repeat('large', 10000))`,
  'LISTEN news; NOTIFY news',
  'SELECT pg_advisory_lock(7)',
]

describe('a reset and the schema', { timeout: 60_000 }, () => {
  let scene: ResetScene | undefined
  let place: ResetPlace | undefined
  let clone: ResetClone | undefined

  beforeEach(async (context) => {
    if (clone !== undefined) return
    place = await serverPlace('the server', await needServer(context), 'superuser')
    scene = await place.open()
    await scene.template.query(TEMPLATE)
    await installReset(scene.template)
    await scene.seal()
    clone = await scene.clone()
  })

  afterAll(async () => {
    await clone?.drop()
    await scene?.close()
    await place?.close()
  })

  test.for(CHANGES)('tells of %s', async (change) => {
    const { session } = clone ?? raise()
    // In a transaction, so that the next change finds the schema as it was.
    await session.query('BEGIN')
    try {
      await session.query(change)
      expect(await resetDatabase(session)).toMatchObject({ isSchemaChanged: true })
    } finally {
      await session.query('ROLLBACK')
    }
    expect(await resetDatabase(session)).toMatchObject({ isSchemaChanged: false })
  })

  test.for(NO_CHANGES)('does not mind %s', async (statements) => {
    const { session, tests } = clone ?? raise()
    for (const statement of statements.split('; ')) await tests.query(statement)
    expect(await resetDatabase(session)).toMatchObject({ isSchemaChanged: false })
    expect(await resetDatabase(session)).toEqual({ cleaned: [], isSchemaChanged: false })
  })
})

function raise(): never {
  throw new Error('there is no clone')
}
