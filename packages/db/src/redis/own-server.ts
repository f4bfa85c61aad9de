import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { HeddleError } from '@heddle/core'

/** A server program that runs. */
export interface OwnServer {
  readonly url: string
  readonly stop: () => Promise<void>
}

export interface OwnServerPlace {
  readonly binary: string
  /** Empty, and nobody else's. */
  readonly dir: string
  readonly port: number
}

/**
 * The shell ends the server when its own input does: the operating system sees to that when the main process is gone, however
 * it went.
 */
const WATCHED = '"$@" >server.log 2>&1 & server=$!; read -r _; kill -9 $server 2>/dev/null; wait $server 2>/dev/null'
const START_MS = 10_000
const POSIX = process.platform !== 'win32'

/**
 * Starts a server that keeps nothing on disk and listens on this machine only.
 *
 * @throws HeddleError `HEDDLE_RESOURCE_FAILED` with what it logged
 */
export async function startOwnServer(
  place: OwnServerPlace,
  isUp: (url: string) => Promise<boolean>,
): Promise<OwnServer> {
  const url = `redis://127.0.0.1:${place.port}`
  const child = start(place)
  const end = once(child, 'exit').catch(() => undefined)
  const deadline = Date.now() + START_MS
  while (!(await isUp(url))) {
    const hasEnded = child.exitCode !== null || (await logOf(place.dir)).includes('Failed listening')
    if (hasEnded || Date.now() > deadline) {
      await stop(child, end)
      throw await failure(place)
    }
    await sleep(10)
  }
  return { url, stop: () => stop(child, end) }
}

function start({ binary, dir, port }: OwnServerPlace): ChildProcess {
  const network = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', dir]
  const storage = ['--save', '', '--appendonly', 'no', '--daemonize', 'no', '--databases', '16']
  const options = [...network, ...storage]
  const [command, args] = POSIX ? ['/bin/sh', ['-c', WATCHED, 'sh', binary, ...options]] : [binary, options]
  // A group of its own: it ends when the run does, not when somebody presses Ctrl-C.
  const child = spawn(command, args, { cwd: dir, stdio: ['pipe', 'ignore', 'ignore'], detached: POSIX })
  child.on('error', () => undefined)
  child.unref()
  ;(child.stdin as Socket | null)?.unref()
  return child
}

async function stop(child: ChildProcess, end: Promise<unknown>): Promise<void> {
  if (POSIX) child.stdin?.end()
  else child.kill()
  await end
}

async function failure({ binary, dir, port }: OwnServerPlace): Promise<HeddleError> {
  const lines = (await logOf(dir)).trimEnd().split('\n').slice(-5).join('\n  ')
  return new HeddleError('HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot start "${binary}" on port ${port}: it does not answer within ${START_MS} ms; its log ends with\n  ${lines}`,
    fix: 'run that program by hand and mend what it says, or give redis({ url }) a server that runs.',
  })
}

function logOf(dir: string): Promise<string> {
  return readFile(join(dir, 'server.log'), 'utf8').catch(() => '')
}
