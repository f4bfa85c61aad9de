import pg from 'pg'
import type { SqlClient } from '../src/postgres/sql-client.js'

/** Where a template and its clones can be made. */
export interface ResetPlace {
  readonly words: string
  /** An empty database, which becomes the template. */
  open(): Promise<ResetScene>
  close(): Promise<void>
}

/** A template in the making, and what is made of it. */
export interface ResetScene {
  readonly template: SqlClient
  /** No statement reaches the template any more. */
  seal(): Promise<void>
  /** Another copy of the template, with a session of its own. */
  clone(): Promise<ResetClone>
  close(): Promise<void>
}

export interface ResetClone {
  readonly session: SqlClient
  /** Another session, as code under test has it; the same where there is only one. */
  readonly tests: SqlClient
  drop(): Promise<void>
}

let made = 0

/** A server at a URL. */
export function serverPlace(words: string, url: string): ResetPlace {
  const connect = async (database?: string): Promise<pg.Client> => {
    const at = new URL(url)
    if (database !== undefined) at.pathname = `/${database}`
    const client = new pg.Client({ connectionString: at.href })
    client.on('error', () => {})
    await client.connect()
    return client
  }
  return {
    words,
    open: async () => {
      const admin = await connect()
      return openScene(admin, connect)
    },
    close: async () => {},
  }
}

async function openScene(admin: pg.Client, connect: (database: string) => Promise<pg.Client>): Promise<ResetScene> {
  const databases: string[] = []
  const create = async (source = 'template0') => {
    const name = `hdl_reset_${process.pid}_${(made += 1)}`
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${source}`)
    databases.push(name)
    return name
  }
  const name = await create()
  const template = await connect(name)
  return {
    template,
    seal: () => template.end(),
    clone: async () => {
      const database = await create(name)
      const [session, tests] = await Promise.all([connect(database), connect(database)])
      return {
        session,
        tests,
        drop: async () => {
          await Promise.all([session.end(), tests.end()])
          await admin.query(`DROP DATABASE ${database}`)
          databases.splice(databases.indexOf(database), 1)
        },
      }
    },
    close: async () => {
      await template.end().catch(() => {})
      for (const database of databases.reverse()) await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`)
      await admin.end()
    },
  }
}
