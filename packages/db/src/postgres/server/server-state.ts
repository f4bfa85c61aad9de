import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { uptime } from 'node:os'

/** What is known of a data directory that is complete. Without it there is none. */
export interface ServerState {
  /** The machine's boot in which it was made. */
  readonly boot: string
  readonly password: string
  /** The data directory's name. */
  readonly data: string
}

export function readServerState(file: string): ServerState | undefined {
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as Partial<ServerState>
    const { boot, password, data } = state
    return typeof boot === 'string' && typeof password === 'string' && typeof data === 'string'
      ? { boot, password, data }
      : undefined
  } catch {
    return undefined
  }
}

/** All or nothing; for this user alone, because it has the password. */
export function writeServerState(file: string, state: ServerState): void {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify(state), { mode: 0o600 })
  renameSync(draft, file)
}

/** The machine stays on for as long as it stays the same; a clock that was set may change it. */
export function bootOf(procFile = '/proc/sys/kernel/random/boot_id'): string {
  try {
    return readFileSync(procFile, 'utf8').trim()
  } catch {
    const aboutMinutes = 10
    return String(Math.round((Date.now() / 1000 - uptime()) / 60 / aboutMinutes))
  }
}
