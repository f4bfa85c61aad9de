import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** How long a server that somebody else started or stopped may take for it, ms. */
const SETTLE_MS = 10_000

/** What `postmaster.pid` says of a server that runs, or was killed. */
export interface Postmaster {
  readonly pid: number
  readonly port: number
  /** `starting`, `ready`, `stopping`, … */
  readonly status: string
}

/** PostgreSQL writes it line by line: what is not there yet is missing. */
export function readPostmaster(data: string): Postmaster | undefined {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    if (!Number.isInteger(pid) || pid <= 0) return undefined
    return { pid, port: Number(lines[3] ?? 0), status: (lines[7] ?? 'starting').trim() }
  } catch {
    return undefined
  }
}

/** A run that was killed may have left it in the middle of starting or stopping. @returns undefined if none runs */
export async function untilSettled(data: string): Promise<Postmaster | undefined> {
  const deadline = Date.now() + SETTLE_MS
  for (;;) {
    const postmaster = readPostmaster(data)
    if (postmaster === undefined || !isServerOf(postmaster.pid, data)) return undefined
    if (postmaster.status === 'ready' || Date.now() > deadline) return postmaster
    await delay(4)
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (error) {
    // Somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Where nobody reaps orphans (containers) the dead stay visible. */
function isZombie(pid: number): boolean {
  try {
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Whether the process is the server of this data directory, and not one that has got the id of a dead one. */
export function isServerOf(pid: number, data: string): boolean {
  return isAlive(pid) && commandOf(pid).includes(data)
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return commandByPs(pid)
  }
}

function commandByPs(pid: number): string {
  try {
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    return ''
  }
}
