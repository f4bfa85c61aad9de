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
  let opening: Promise<MysqlSession> | undefined
  let isEnded = false
  /** Of all that find it lost one connects: what others opened would never be ended. */
  const reopened = async (lost: MysqlSession): Promise<MysqlSession> => {
    if (current !== lost) return current
    opening ??= open(setup).finally(() => (opening = undefined))
    return (current = await opening)
  }
  const again = async <T>(use: (session: MysqlSession) => Promise<T>): Promise<T> => {
    const used = current
    try {
      return await use(used)
    } catch (error) {
      if (isEnded || !isLost(error)) throw error
      return use(await reopened(used))
    }
  }
  return {
    get threadId() {
      return current.threadId
    },
    rows: (sql, values) => again((session) => session.rows(sql, values)),
    script: (sql) => again((session) => session.script(sql)),
    end: async () => {
      isEnded = true
      await opening?.catch(() => undefined)
      await current.end()
    },
  }
}

async function open({ mysql2, url, database, prepare }: SessionSetup): Promise<MysqlSession> {
  const session = await openSession(mysql2, url, database)
  try {
    await prepare?.(session)
    return session
  } catch (error) {
    await session.end()
    throw error
  }
}

function isLost(error: unknown): boolean {
  const { code, message, fatal } = error as Readonly<Record<string, unknown>>
  return LOST.has(String(code)) || (fatal === true && code === undefined) || String(message).includes('closed state')
}
