import { Client } from 'pg'
import type { SqlClient } from '../src/postgres/sql-client.js'

/** Where templates and clones of them can be made. */
export interface ResetPlace {
  readonly words: string
  /** A copy of a database that was not shut down has nothing in its unlogged tables. */
  readonly losesUnlogged: boolean
  /** An empty database, which becomes a template. */
  open(): Promise<ResetScene>
  close(): Promise<void>
}

/** A template in the making, and what is made of it. */
export interface ResetScene {
  /** Of the template. */
  readonly url: string
  readonly template: SqlClient
  /** In the template. */
  asSuperuser(statement: string): Promise<void>
  /** No more statements for the template. */
  seal(): Promise<void>
  clone(): Promise<ResetClone>
  close(): Promise<void>
}

export interface ResetClone {
  /** For other drivers. */
  readonly url: string
  /** heddle's. */
  readonly session: SqlClient
  /** Of the code under test; the same as heddle's where there is only one. */
  readonly tests: SqlClient
  /** Of somebody who sees all rows. */
  readonly reader: SqlClient
  drop(): Promise<void>
}

/** Who owns the template: the superuser of the URL, or a role that may create databases and nothing else. */
export type PlaceRole = 'superuser' | 'owner'

const PASSWORD = 'only for tests'

/** A server that is there. */
export async function serverPlace(words: string, url: string, role: PlaceRole): Promise<ResetPlace> {
  const owner = `hdl_reset_${process.pid}`
  const admin = await connectTo(url)
  if (role === 'owner') await admin.query(`CREATE ROLE ${owner} LOGIN CREATEDB PASSWORD '${PASSWORD}'`)
  const used = new URL(url)
  if (role === 'owner') [used.username, used.password] = [owner, encodeURIComponent(PASSWORD)]
  let made = 0
  return {
    words: `${words}, ${role}`,
    losesUnlogged: false,
    open: () =>
      openScene(admin, { url, used: used.href, name: () => `hdl_reset_${process.pid}_${role}_${(made += 1)}` }),
    close: async () => {
      if (role === 'owner') await admin.query(`DROP ROLE ${owner}`)
      await admin.end()
    },
  }
}

interface Addresses {
  readonly url: string
  readonly used: string
  readonly name: () => string
}

async function openScene(admin: Client, at: Addresses): Promise<ResetScene> {
  const databases: string[] = []
  const create = async (source: string) => {
    const name = at.name()
    const { username } = new URL(at.used)
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${source} OWNER "${username}"`)
    databases.push(name)
    return name
  }
  const name = await create('template0')
  const template = await connectTo(at.used, name)
  return {
    url: addressOf(at.used, name),
    template,
    asSuperuser: async (statement) => {
      const client = await connectTo(at.url, name)
      await client.query(statement)
      await client.end()
    },
    seal: () => template.end(),
    clone: async () => openClone(admin, at, await create(name)),
    close: async () => {
      await template.end().catch(() => {})
      for (const one of databases.reverse()) await admin.query(`DROP DATABASE IF EXISTS ${one} WITH (FORCE)`)
    },
  }
}

async function openClone(admin: Client, { url, used }: Addresses, name: string): Promise<ResetClone> {
  const session = await connectTo(used, name)
  const tests = await connectTo(used, name)
  const reader = await connectTo(url, name)
  return {
    url: addressOf(used, name),
    session,
    tests,
    reader,
    drop: async () => {
      for (const client of [session, tests, reader]) await client.end()
      await admin.query(`DROP DATABASE ${name}`)
    },
  }
}

/** A client whose end by the server is no news. */
export async function connectTo(url: string, database?: string): Promise<Client> {
  const client = new Client({ connectionString: database === undefined ? url : addressOf(url, database) })
  client.on('error', () => {})
  await client.connect()
  return client
}

function addressOf(url: string, database: string): string {
  const address = new URL(url)
  address.pathname = `/${database}`
  return address.href
}
