import { setTimeout as delay } from 'node:timers/promises'
import { isAlive, isServerOf, readPostmaster } from './postmaster.js'

/** How to ask, from polite to not at all, and how long to wait for each, ms. */
const WAYS = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
] as const

/** Ends the server of a data directory, if one runs. Sessions in it are cut off. */
export async function stopServer(data: string): Promise<void> {
  const postmaster = readPostmaster(data)
  if (postmaster === undefined || !isServerOf(postmaster.pid, data)) return
  for (const [signal, timeoutMs] of WAYS) {
    sendSignal(postmaster.pid, signal)
    if (await isGoneWithin(postmaster.pid, timeoutMs)) return
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has just gone.
  }
}

async function isGoneWithin(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false
    await delay(4)
  }
  return true
}
