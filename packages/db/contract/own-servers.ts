import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Client } from 'pg'
import { onTestFinished } from 'vitest'
import { surroundingsIn, temporaryDir } from '../fixtures/surroundings.js'
import { removeDataDirs } from '../src/postgres/server/data-dir.js'
import { openOwnServer, type PostgresServer } from '../src/postgres/server/open-server.js'
import { serverBases } from '../src/postgres/server/server-base.js'
import { serverDirsIn } from '../src/postgres/server/sweep-servers.js'
import { placeIn, prefixOf } from '../src/postgres/server/server-place.js'
import { serverUser } from '../src/postgres/server/server-user.js'

/** A run in a process of its own. */
export interface ServerUser {
  readonly process: ChildProcess
  /** Of the server. Rejects with what the process said, if it ends before. */
  readonly url: Promise<string>
  /** Ends the run in order. */
  readonly end: () => Promise<void>
}

/** A machine on which runs use servers of our own: a cache and locks that nobody else has. */
export class OwnServers {
  readonly dir: string
  readonly surroundings

  /** @param root of the project */
  constructor(readonly root?: string) {
    const { dir, remove } = temporaryDir()
    this.dir = dir
    this.surroundings = surroundingsIn(dir, root)
    onTestFinished(async () => {
      for (const each of this.dirs()) {
        await removeDataDirs(placeIn(each))
        rmSync(each, { recursive: true, force: true })
      }
      remove()
    })
  }

  /** Of data of its servers: those of others, which may run at the same time, have another prefix. */
  dirs(): string[] {
    const { cacheDir } = this.surroundings
    const { data, disk } = serverBases(cacheDir, serverUser())
    const ofNobody = [serverBases(cacheDir, undefined).disk, data.replace(/-0$/, '-65534')]
    const all = [...new Set([data, disk, ...ofNobody])].flatMap((base) => serverDirsIn(base))
    return all.filter((dir) => basename(dir).startsWith(prefixOf(cacheDir)))
  }

  open(server: 'auto' | 'embedded' | 'system' = 'embedded'): Promise<PostgresServer> {
    return openOwnServer(this.surroundings, server).then((opened) => {
      if (opened === undefined) throw new Error('there is none')
      onTestFinished(() => opened.close())
      return opened
    })
  }

  /** @param uid another user than this one */
  start(uid?: number): ServerUser {
    if (uid !== undefined) chownSync(this.dir, uid, uid)
    const child = spawn(
      process.execPath,
      [join(__dirname, 'server-user.cjs'), JSON.stringify({ dir: this.dir, root: this.root })],
      { stdio: ['pipe', 'pipe', 'pipe'], ...(uid === undefined ? {} : { uid, gid: uid }) },
    )
    const exit = once(child, 'exit')
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await exit
    })
    const url = urlFrom(child)
    url.catch(() => undefined)
    const end = async (): Promise<void> => {
      child.stdin.end()
      const [code, signal] = (await exit) as [number | null, string | null]
      if (code !== 0) throw new Error(`the run ended with ${String(code ?? signal)}`)
    }
    return { process: child, url, end }
  }

  /** Ids of all processes whose command names this machine's data, as far as the system tells. */
  pids(): number[] {
    const dirs = this.dirs()
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && dirs.some((dir) => commandOf(name).includes(`${dir}/`)))
      .map(Number)
  }

  removeState(): void {
    for (const dir of this.dirs()) rmSync(join(dir, 'state.json'))
  }
}

function urlFrom(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    const take = (chunk: Buffer): void => {
      output += String(chunk)
      const url = /^url (.+)$/m.exec(output)?.[1]
      if (url !== undefined) resolve(url)
    }
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
    child.on('exit', () => reject(new Error(output)))
  })
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/** The first row of a query over a connection of its own. */
export async function ask(url: string, sql: string): Promise<Record<string, unknown>> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql)
    return rows[0] ?? {}
  } finally {
    await client.end()
  }
}
