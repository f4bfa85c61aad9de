// Random workloads on a file of SQLite and on one in memory, each compared with a fresh copy. In a process of its own, because
// not every version of Node has SQLite:
//
//   node sqlite-workloads.cjs <directory> <rounds> [better-sqlite3]
//
// Prints how many tables were cleaned and how many schemas restored.
const { deepStrictEqual, ok, throws } = require('node:assert')
const { mkdirSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const [dir, rounds, library] = process.argv.slice(2)
if (library === 'better-sqlite3') process.getBuiltinModule = () => undefined
const { RESOURCE } = require('@heddle/core')
const { loadSqlite } = require('../dist/sqlite/sqlite-driver.js')
const { sqlite } = require('../dist/sqlite/index.js')
const { open: openInWorker } = require('../dist/sqlite/worker.js')
const { surroundingsIn } = require('./surroundings.cjs')

const SCHEMA = `
CREATE TABLE region (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE NOT NULL);
CREATE TABLE customer (id INTEGER PRIMARY KEY AUTOINCREMENT, region_id INT REFERENCES region (id) ON DELETE CASCADE,
  name TEXT UNIQUE, shout TEXT GENERATED ALWAYS AS (upper(name)) STORED, loud TEXT AS (name || '!'), any_value);
CREATE TABLE tree (id INTEGER PRIMARY KEY, parent INT REFERENCES tree (id));
CREATE TABLE setting (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE audit (what TEXT);
CREATE TABLE "odd "" name" ("a b" INT, rowid TEXT);
CREATE INDEX by_name ON customer (name) WHERE name IS NOT NULL;
CREATE VIEW names AS SELECT name FROM customer;
CREATE VIRTUAL TABLE notes USING fts5(body);
CREATE TRIGGER customer_added AFTER INSERT ON customer BEGIN
  INSERT INTO audit VALUES ('added ' || NEW.name);
  UPDATE setting SET value = value + 1 WHERE key = 'customers';
END;
CREATE TRIGGER setting_changed AFTER UPDATE ON setting BEGIN INSERT INTO audit VALUES ('setting'); END;
CREATE TRIGGER names_insert INSTEAD OF INSERT ON names BEGIN INSERT INTO customer (name) VALUES (NEW.name); END;
INSERT INTO region VALUES (1, 'North'), (2, 'South');
INSERT INTO setting VALUES ('customers', 0), ('b', x'00ff'), ('c', 1);
INSERT INTO customer (region_id, name, any_value) VALUES (1, 'ada', 1.0), (2, 'bob', x'00');
INSERT INTO audit VALUES ('same'), ('same');
INSERT INTO "odd "" name" VALUES (1, 'x');
INSERT INTO notes VALUES ('a text that is there');
DELETE FROM customer WHERE id = 2;
PRAGMA user_version = 7;
`

const ACTIONS = [
  (n) => `INSERT INTO customer (region_id, name) VALUES (${1 + n(2)}, 'c${n(5)}')`,
  () => 'DELETE FROM region WHERE id = 1',
  () => "UPDATE region SET name = 'NORTH' WHERE id = 1",
  () => 'UPDATE customer SET any_value = 1',
  (n) => `INSERT INTO tree VALUES (NULL, ${n(3)})`,
  () => 'INSERT INTO tree VALUES (NULL, NULL)',
  () => "UPDATE setting SET value = '1' WHERE key = 'c'",
  () => "DELETE FROM setting WHERE key = 'b'",
  (n) => `INSERT INTO setting VALUES ('k${n(3)}', ${n(9)})`,
  () => "INSERT INTO audit VALUES ('same')",
  () => 'DELETE FROM audit WHERE rowid = 1',
  () => 'DELETE FROM audit',
  () => 'INSERT INTO "odd "" name" VALUES (2, 3)',
  () => "INSERT INTO names VALUES ('by view')",
  (n) => `INSERT INTO notes VALUES ('note ${n(9)}')`,
  () => 'DELETE FROM notes',
  () => "UPDATE sqlite_sequence SET seq = 50 WHERE name = 'customer'",
  () => 'DELETE FROM customer; INSERT INTO customer (name) VALUES (NULL)',
  () => 'BEGIN; INSERT INTO tree VALUES (9, NULL); SAVEPOINT a; DELETE FROM tree; ROLLBACK TO a; COMMIT',
  () => 'BEGIN; DELETE FROM customer; ROLLBACK',
  () => 'PRAGMA user_version = 8',
  () => 'VACUUM',
]
const CHANGES = [
  'ALTER TABLE region ADD COLUMN more TEXT',
  'CREATE TABLE extra (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO extra DEFAULT VALUES',
  'DROP TABLE customer',
  'DROP INDEX by_name',
  'DROP TRIGGER customer_added',
  'DROP VIEW names; CREATE VIEW names AS SELECT 1 AS name',
  'DROP TABLE notes',
  'ALTER TABLE region RENAME COLUMN name TO title',
]

function randomOf(seed) {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

/** All that can be seen of a database, asked for in another way than the reset does. */
function pictureOf(connection) {
  const objects = connection.all(
    "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'",
  )
  const rowsOf = (name) => {
    const rows = connection.all(`SELECT *, typeof(any) FROM (SELECT 1 AS any), "${name.replaceAll('"', '""')}"`)
    return rows.map((row) => JSON.stringify(row, (_, value) => (ArrayBuffer.isView(value) ? [...value] : value))).sort()
  }
  const tables = objects.filter(({ type, sql }) => type === 'table' && !sql.startsWith('CREATE VIRTUAL'))
  return {
    objects: objects.map(({ type, name, sql }) => `${type} ${name} ${sql}`).sort(),
    rows: tables.map(({ name }) => [name, rowsOf(name)]).sort(([a], [b]) => (a < b ? -1 : 1)),
    found:
      tables.some(({ name }) => name === 'notes_data') &&
      connection.all("SELECT body FROM notes WHERE notes MATCH 'text OR note'").map((row) => row.body),
    version: connection.all('PRAGMA user_version').map((row) => row.user_version),
    integrity: connection.all('PRAGMA integrity_check').map((row) => row.integrity_check),
  }
}

function workload(seed) {
  const n = randomOf(seed)
  const actions = Array.from({ length: n(7) }, () => ACTIONS[n(ACTIONS.length)](n))
  return n(10) === 0 ? [...actions, CHANGES[n(CHANGES.length)]] : actions
}

function run(connection, statements) {
  for (const statement of statements) {
    try {
      connection.exec(statement)
    } catch {
      try {
        connection.exec('ROLLBACK')
      } catch {
        // Nothing was open.
      }
    }
  }
}

async function main() {
  mkdirSync(join(dir, 'files'), { recursive: true })
  mkdirSync(join(dir, 'migrations'), { recursive: true })
  writeFileSync(join(dir, 'migrations/1.sql'), SCHEMA)
  const { signal } = new AbortController()
  const context = {
    ...surroundingsIn(dir, dir),
    runId: 'run',
    slots: 1,
    signal,
    tempDir: async () => join(dir, 'files'),
  }
  const driver = loadSqlite(dir)
  const inFile = sqlite({ migrations: 'migrations/*.sql' })[RESOURCE]
  const server = await inFile.start(context)
  const database = await inFile.create({ ...context, slot: 1, number: 1, lifetime: 'worker' }, server)
  const counts = { words: driver.words, cleaned: 0, schemas: 0 }

  for (const mode of ['DELETE', 'WAL']) {
    // As the code under test: open all the time.
    const app = driver.open(database.file)
    app.exec(`PRAGMA journal_mode = ${mode}; PRAGMA foreign_keys = ON; PRAGMA synchronous = OFF`)
    const fresh = pictureOf(app)
    for (let seed = 1; seed <= Number(rounds); seed++) {
      const statements = workload(seed)
      run(app, statements)
      const { cleaned, notice } = await inFile.reset(database, server)
      counts.cleaned += cleaned.length
      if (notice !== undefined) counts.schemas += 1
      deepStrictEqual(pictureOf(app), fresh, `${mode}, seed ${seed}: ${statements.join(';\n')}`)
    }
    await leftOpen(app, { inFile, database, server, fresh })
    app.close()
  }
  await inMemory(context)
  await inFile.destroy(database, server)
  process.stdout.write(`${JSON.stringify(counts)}\n`)
}

/** A transaction that was left open is told, stops the reset, and does not harm. */
async function leftOpen(app, { inFile, database, server, fresh }) {
  const test = { test: 'a test', hasFailed: false }
  deepStrictEqual(await inFile.reset(database, server), { cleaned: [] })
  deepStrictEqual((await inFile.afterTest(database, test, server)).left, [])
  app.exec("BEGIN; INSERT INTO audit VALUES ('open')")
  deepStrictEqual((await inFile.afterTest(database, test, server)).left, [
    `a transaction that writes is open in ${database.file}`,
  ])
  const soonOver = inFile.afterTest(database, test, server)
  setTimeout(() => app.exec('COMMIT'), 40)
  deepStrictEqual((await soonOver).left, [])
  app.exec("BEGIN; INSERT INTO audit VALUES ('open')")
  app.exec("COMMIT; BEGIN; INSERT INTO audit VALUES ('open')")
  let refused
  await inFile.reset(database, server).catch((error) => (refused = error))
  ok(
    /^HEDDLE_RESOURCE_LEFT_OPEN: Cannot reset ".*": a transaction is open in it/.test(refused?.message),
    String(refused),
  )
  app.exec('ROLLBACK')
  deepStrictEqual((await inFile.reset(database, server)).cleaned, ['audit'])
  deepStrictEqual(pictureOf(app), fresh)
}

async function inMemory(context) {
  const withoutNotes = SCHEMA.split('\n').filter((line) => !line.includes('notes'))
  writeFileSync(join(dir, 'migrations/1.sql'), withoutNotes.join('\n'))
  const memory = sqlite({ migrations: 'migrations/*.sql', memory: true })[RESOURCE]
  const value = memory.create(undefined, await memory.start(context))
  const at = { name: 'main', value, call: undefined, print: undefined }
  const part = openInWorker({ ...at, perTest: 'reset' })
  const { client } = part.handle
  const app = { exec: (sql) => client.exec(sql), all: (sql) => client.prepare(sql).all() }
  const fresh = pictureOf(app)
  for (let seed = 1; seed <= Number(rounds); seed++) {
    run(app, workload(seed))
    await part.beforeTest()
    deepStrictEqual(pictureOf(app), fresh, `memory, seed ${seed}`)
  }
  part.close()
  const undone = openInWorker({ ...at, perTest: 'rollback' })
  await undone.beforeTest()
  const count = () => undone.handle.client.prepare('SELECT COUNT(*) AS n FROM audit').all()[0].n
  const before = count()
  undone.handle.client.exec("INSERT INTO audit VALUES ('x')")
  deepStrictEqual(count(), before + 1)
  throws(() => undone.handle.client.exec('BEGIN'))
  await undone.afterTest()
  deepStrictEqual(count(), before)
  undone.close()
  writeFileSync(join(dir, 'migrations/1.sql'), SCHEMA)
  const virtual = memory.create(undefined, await memory.start(context))
  throws(
    () => openInWorker({ ...at, value: virtual, perTest: 'reset' }),
    /^HeddleError: HEDDLE_RESOURCE_INVALID: .*"notes"/,
  )
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})
