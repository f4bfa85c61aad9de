import { openSession, type Mysql2, type MysqlSession } from './mysql-session.js'

/** What a session that comes back is opened with. */
export interface SessionSetup {
  readonly mysql2: Mysql2
  readonly url: string
  readonly database?: string
  /** Whatever makes a new connection what the old one was: settings, locks. */
  readonly prepare?: (session: MysqlSession) => Promise<unknown>
}

const LOST = new Set(['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'EPIPE', 'ER_SERVER_SHUTDOWN'])

/** A session that connects again when the server was gone and is back. What was going on then fails, or runs once more. */
export async function openLastingSession(setup: SessionSetup): Promise<MysqlSession> {
  let current = await open(setup)
  const again = async <T>(use: (session: MysqlSession) => Promise<T>): Promise<T> => {
    try {
      return await use(current)
    } catch (error) {
      if (!isLost(error)) throw error
      current = await open(setup)
      return use(current)
    }
  }
  return {
    get threadId() {
      return current.threadId
    },
    rows: (sql, values) => again((session) => session.rows(sql, values)),
    script: (sql) => again((session) => session.script(sql)),
    end: () => current.end(),
  }
}

async function open({ mysql2, url, database, prepare }: SessionSetup): Promise<MysqlSession> {
  const session = await openSession(mysql2, url, database)
  await prepare?.(session)
  return session
}

function isLost(error: unknown): boolean {
  const { code, message, fatal } = error as Readonly<Record<string, unknown>>
  return LOST.has(String(code)) || (fatal === true && code === undefined) || String(message).includes('closed state')
}
