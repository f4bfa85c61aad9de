/** A row as the driver gives it. */
export type Row = Readonly<Record<string, string | number | null | undefined>>

/** One connection of heddle's own. */
export interface MysqlSession {
  /** Its id on the server. */
  readonly threadId: number
  /** One statement. No rows if it returns none. */
  rows(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>
  /** Several statements in one go, without parameters; the rows of each. */
  script(sql: string): Promise<readonly (readonly Row[])[]>
  end(): Promise<void>
}

/** What is used of `mysql2/promise`. */
export interface Mysql2 {
  createConnection(options: Readonly<Record<string, unknown>>): Promise<Mysql2Connection>
}

interface Mysql2Connection {
  readonly threadId: number
  query(sql: string, values?: readonly unknown[]): Promise<[unknown, unknown]>
  end(): Promise<void>
  on(event: 'error', listener: () => void): unknown
}

/** Zeros are values, not numbers to come; zero dates are dates: what a template holds must be accepted in its copy. */
const SQL_MODE = 'NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION'

/** Opens a connection to `database`, or to none. */
export async function openSession(mysql2: Mysql2, url: string, database?: string): Promise<MysqlSession> {
  const connection = await mysql2.createConnection({
    ...connectionOf(url),
    database,
    multipleStatements: true,
    supportBigNumbers: true,
    charset: 'utf8mb4',
    connectTimeout: 5_000,
  })
  // A connection that breaks while nobody waits for it would end the process. The next query tells.
  connection.on('error', () => undefined)
  const session = sessionOf(connection)
  await session.script(`SET SESSION sql_mode = '${SQL_MODE}'; SET SESSION group_concat_max_len = 1000000000`)
  return session
}

function sessionOf(connection: Mysql2Connection): MysqlSession {
  return {
    threadId: connection.threadId,
    rows: async (sql, values) => rowsOf((await connection.query(sql, values))[0]),
    script: async (sql) => {
      const [results] = await connection.query(sql)
      if (!Array.isArray(results)) return [[]]
      const isOne = results.length === 0 || isRow(results[0])
      return isOne ? [rowsOf(results)] : results.map(rowsOf)
    },
    end: async () => connection.end().catch(() => undefined),
  }
}

function connectionOf(text: string): Readonly<Record<string, unknown>> {
  const url = new URL(text)
  const socketPath = url.searchParams.get('socketPath') ?? url.searchParams.get('socket') ?? undefined
  return {
    host: decodeURIComponent(url.hostname),
    port: url.port === '' ? 3306 : Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    ...(socketPath === undefined ? {} : { socketPath }),
  }
}

function rowsOf(result: unknown): readonly Row[] {
  return Array.isArray(result) ? (result as Row[]) : []
}

/** Neither rows of their own nor the outcome of a statement that has none, as in the results of several statements. */
function isRow(value: unknown): boolean {
  return !Array.isArray(value) && !(typeof value === 'object' && value !== null && 'affectedRows' in value)
}
