import { IS_CLIENT, WRITING_PIDS } from './open-transactions.js'
import { FUNCTION_SETTINGS } from './settings.js'

/** What the template keeps. One schema, which no search path names, five tables and a few functions. */
export const RESET_TABLES = [
  'CREATE SCHEMA _heddle',
  `COMMENT ON SCHEMA _heddle IS 'What heddle needs to make this database as it was. Not part of the application.'`,
  `CREATE TABLE _heddle.state (mark xid NOT NULL, schema text NOT NULL, hash text NOT NULL)`,
  `CREATE TABLE _heddle.relation (id int PRIMARY KEY, oid oid NOT NULL, label text NOT NULL, kind text NOT NULL,
    "isFinal" boolean NOT NULL, guards int[] NOT NULL, before text, after text, clean text, differs text,
    suspects int[] NOT NULL, dependents int[] NOT NULL, empty text, fill text, truncate text, refresh text)`,
  `CREATE TABLE _heddle.sequence (place int PRIMARY KEY, oid oid NOT NULL, label text NOT NULL, last bigint NOT NULL,
    "isCalled" boolean NOT NULL)`,
  `CREATE TABLE _heddle.seed (relation int NOT NULL, number bigint NOT NULL, key text, row text NOT NULL)`,
  `CREATE INDEX ON _heddle.seed (relation)`,
  `CREATE TABLE _heddle.large_object (oid oid PRIMARY KEY, owner oid NOT NULL, acl text, content bytea NOT NULL)`,
] as const

/** A table that fills so much is truncated, which takes longer for small ones and no time for large ones. */
const LARGE_BYTES = 1024 * 1024

/**
 * `_heddle.reset(thorough)`: makes the database as it was in the template, in one transaction. Answers what it found:
 * `schema` (the schema has changed) and `final` (something was touched that cannot be made clean): then it did nothing;
 * `isWritten` (others are in the middle of it); `cleaned` (names).
 *
 * Thorough: every table that refers to a touched one is emptied and filled again, which always works. Otherwise row by row,
 * which can fail where keys were exchanged between rows; it never fails silently (HD002).
 */
export const RESET_FUNCTION = `CREATE FUNCTION _heddle.reset(thorough boolean) RETURNS jsonb LANGUAGE plpgsql
${FUNCTION_SETTINGS}
AS $heddle$
DECLARE
  was _heddle.state;
  own xid;
  probe text;
  dirty int[];
  moved int[];
  objects jsonb;
  isMarking boolean;
BEGIN
  SELECT * INTO STRICT was FROM _heddle.state;
  PERFORM set_config('synchronous_commit', 'off', true);
  -- First an id of our own: whoever is writing with a smaller one is found, whoever comes later is newer than the mark.
  own := pg_current_xact_id()::xid;
  IF _heddle.is_written() THEN RETURN '{"isWritten": true}'; END IF;

  probe := _heddle.probe_schema(was.mark);
  IF probe <> was.schema AND _heddle.hash_schema() <> was.hash THEN RETURN '{"schema": true}'; END IF;
  dirty := _heddle.dirty(was.mark);
  moved := _heddle.moved();
  objects := _heddle.objects();
  IF objects ? 'schema' THEN RETURN objects; END IF;
  IF EXISTS (SELECT FROM _heddle.relation r WHERE r.id = ANY (dirty) AND r."isFinal") THEN
    RETURN jsonb_build_object('final', (SELECT jsonb_agg(r.label) FROM _heddle.relation r WHERE r.id = ANY (dirty) AND r."isFinal"));
  END IF;
  isMarking := probe <> was.schema OR EXISTS (
    SELECT FROM _heddle.relation r WHERE r.id = ANY (dirty) AND (r.kind <> 'empty' OR r.before IS NOT NULL OR cardinality(r.guards) > 1));

  IF isMarking THEN was.mark := own; END IF;
  IF cardinality(dirty) > 0 THEN
    PERFORM _heddle.clean(dirty, thorough);
  END IF;
  PERFORM setval(s.oid::regclass, s.last, s."isCalled") FROM _heddle.sequence s WHERE s.place = ANY (moved);
  IF isMarking THEN
    -- What the reset itself writes into catalogs has the id of the mark, so it is not newer, and it neither adds nor removes rows.
    IF probe <> was.schema THEN was.schema := _heddle.probe_schema(was.mark); END IF;
    UPDATE _heddle.state SET mark = was.mark, schema = was.schema;
  END IF;
  RETURN jsonb_build_object('cleaned', (
    SELECT coalesce(jsonb_agg(label), '[]') FROM (
      -- Where policies hide rows from their owner, nobody can tell before: those are always made clean, and not worth telling.
      SELECT r.label FROM _heddle.relation r
      WHERE r.id = ANY (dirty) AND NOT (r.kind = 'seeded' AND coalesce(r.before LIKE '%NO FORCE ROW LEVEL SECURITY', false))
      UNION ALL SELECT s.label FROM _heddle.sequence s WHERE s.place = ANY (moved)
      UNION ALL SELECT jsonb_array_elements_text(objects -> 'cleaned')) every));
END $heddle$`

/** `_heddle.is_written()`: whether others in this database are in a transaction that has written something. */
export const WRITTEN_FUNCTION = `CREATE FUNCTION _heddle.is_written() RETURNS boolean LANGUAGE plpgsql AS $heddle$
DECLARE writers int[] := ARRAY(${WRITING_PIDS});
BEGIN
  RETURN EXISTS (SELECT FROM pg_prepared_xacts p WHERE p.database = current_database())
    OR cardinality(writers) > 0 AND EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid = ANY (writers)
      AND a.datid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()) AND ${IS_CLIENT});
END $heddle$`

/** `_heddle.clean(dirty, thorough)`: makes relations clean. */
export const CLEAN_FUNCTION = `CREATE FUNCTION _heddle.clean(dirty int[], thorough boolean) RETURNS void LANGUAGE plpgsql
AS $heddle$
DECLARE
  concerned int[] := dirty;
  guarded int[];
  part text;
  isDifferent boolean;
BEGIN
  IF thorough THEN
    concerned := ARRAY(SELECT DISTINCT unnest(r.dependents) FROM _heddle.relation r WHERE r.id = ANY (dirty));
  END IF;
  guarded := ARRAY(SELECT DISTINCT unnest(r.guards) FROM _heddle.relation r WHERE r.id = ANY (concerned));
  FOREACH part IN ARRAY ARRAY(SELECT r.before FROM _heddle.relation r WHERE r.id = ANY (guarded) AND r.before IS NOT NULL) LOOP
    EXECUTE part;
  END LOOP;

  IF thorough THEN
    PERFORM _heddle.run(string_agg(r.empty, ', ')) FROM _heddle.relation r WHERE r.id = ANY (concerned);
    PERFORM _heddle.run(string_agg(r.fill, ', ')) FROM _heddle.relation r WHERE r.id = ANY (concerned);
  ELSE
    FOREACH part IN ARRAY ARRAY(SELECT DISTINCT r.truncate FROM _heddle.relation r WHERE r.id = ANY (dirty)
        AND r.truncate IS NOT NULL AND pg_relation_size(r.oid) > ${LARGE_BYTES}) LOOP
      EXECUTE part;
    END LOOP;
    PERFORM _heddle.run(string_agg(r.clean, ', ' ORDER BY r.id)) FROM _heddle.relation r WHERE r.id = ANY (dirty);
    FOREACH part IN ARRAY ARRAY(SELECT s.differs FROM _heddle.relation s WHERE s.differs IS NOT NULL AND s.id IN (
        SELECT unnest(r.suspects) FROM _heddle.relation r WHERE r.id = ANY (dirty))) LOOP
      EXECUTE 'SELECT EXISTS (' || part || ')' INTO isDifferent;
      IF isDifferent THEN RAISE EXCEPTION 'rows have to be restored thoroughly' USING ERRCODE = 'HD002'; END IF;
    END LOOP;
  END IF;

  SET CONSTRAINTS ALL IMMEDIATE;
  FOREACH part IN ARRAY ARRAY(SELECT r.refresh FROM _heddle.relation r WHERE r.id = ANY (dirty) AND r.refresh IS NOT NULL ORDER BY r.id) LOOP
    EXECUTE part;
  END LOOP;
  FOREACH part IN ARRAY ARRAY(SELECT r.after FROM _heddle.relation r WHERE r.id = ANY (guarded) AND r.after IS NOT NULL) LOOP
    EXECUTE part;
  END LOOP;
END $heddle$`

/** Sets of tables that tests touch come again; of so many the session keeps a plan. */
const MAX_PLANS = 50

/**
 * `_heddle.run(parts)`: runs parts of one statement. To plan it takes as long as to run it, so the session keeps the plan, under a
 * name made of the text.
 */
export const RUN_FUNCTION = `CREATE FUNCTION _heddle.run(parts text) RETURNS void LANGUAGE plpgsql
AS $heddle$
DECLARE
  statement text := 'WITH ' || parts || ' SELECT';
  plan text := 'heddle_' || md5(parts);
BEGIN
  IF parts IS NULL THEN RETURN; END IF;
  IF NOT EXISTS (SELECT FROM pg_prepared_statements p WHERE p.name = plan) THEN
    IF (SELECT count(*) FROM pg_prepared_statements) >= ${MAX_PLANS} THEN
      EXECUTE statement;
      RETURN;
    END IF;
    EXECUTE format('PREPARE %I AS %s', plan, statement);
  END IF;
  EXECUTE format('EXECUTE %I', plan);
END $heddle$`

/**
 * `_heddle.objects()`: makes large objects as they were. Answers `cleaned`, or `schema` if their owner or rights are others.
 * Those of another role cannot be removed: then it throws.
 */
export const OBJECTS_FUNCTION = `CREATE FUNCTION _heddle.objects() RETURNS jsonb LANGUAGE plpgsql
AS $heddle$
DECLARE
  cleaned text[] := '{}';
  one record;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_largeobject_metadata) AND NOT EXISTS (SELECT FROM _heddle.large_object) THEN RETURN '{}'; END IF;
  FOR one IN SELECT m.oid AS now, s.* FROM pg_largeobject_metadata m FULL JOIN _heddle.large_object s ON s.oid = m.oid LOOP
    IF one.oid IS NULL THEN
      PERFORM lo_unlink(one.now);
    ELSIF one.now IS NULL THEN
      IF one.acl IS NOT NULL OR pg_get_userbyid(one.owner) <> current_user THEN RETURN '{"schema": true}'; END IF;
      PERFORM lo_from_bytea(one.oid, one.content);
    ELSIF (SELECT (m.lomowner, m.lomacl::text) IS DISTINCT FROM (one.owner, one.acl) FROM pg_largeobject_metadata m WHERE m.oid = one.oid) THEN
      RETURN '{"schema": true}';
    ELSIF lo_get(one.oid) <> one.content THEN
      PERFORM lo_truncate(lo_open(one.oid, 393216), 0);
      PERFORM lo_put(one.oid, 0, one.content);
    ELSE
      CONTINUE;
    END IF;
    cleaned := cleaned || ('large object ' || coalesce(one.oid, one.now));
  END LOOP;
  RETURN jsonb_build_object('cleaned', cleaned);
END $heddle$`
