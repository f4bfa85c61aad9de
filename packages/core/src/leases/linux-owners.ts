import { createHash } from 'node:crypto'
import { codeOf, HeddleError, reasonOf } from '../errors.js'
import { existsSync, readFileSync, readlinkSync, sendSignal } from './captured.js'
import type { Owners, OwnerState } from './owners.js'

/**
 * A thread is `l-<boot>-<namespaces>-<pid>-<tid>-<start>`: the kernel's own facts, which no two threads share, and which a
 * killed thread cannot leave behind. Asking costs 20 µs. An earlier boot is not taken for death: on a file system shared in
 * ways that cannot be recognised it could be another machine.
 */
export function linuxOwners(proc = '/proc'): Owners {
  const world = worldOf(proc)
  const self = `l-${world}-${threadOf(proc)}`
  const owners = { self, stateOf: (owner: string) => stateOf(owner, world, proc), sweep: nothing, close: nothing }
  if (owners.stateOf(self) !== 'running') throw unusable(proc, 'this thread is not found there')
  return owners
}

function nothing(): void {
  // The kernel keeps no files that would have to be removed.
}

/** Kernel and namespaces: process ids and start times of others mean nothing here. */
function worldOf(proc: string): string {
  try {
    const boot = readFileSync(`${proc}/sys/kernel/random/boot_id`, 'utf8')
    return `${hash(boot)}-${hash(readlinkSync(`${proc}/self/ns/pid`) + timeNamespace(proc))}`
  } catch (error) {
    throw unusable(proc, reasonOf(error), error)
  }
}

/** Start times are shown relative to it. Kernels before 5.6 have only one. */
function timeNamespace(proc: string): string {
  try {
    return readlinkSync(`${proc}/self/ns/time`)
  } catch {
    return ''
  }
}

/** A synchronous call runs on the calling thread, so it names a worker thread too. */
function threadOf(proc: string): string {
  try {
    const [pid = '', , tid = ''] = readlinkSync(`${proc}/thread-self`).split('/')
    return `${pid}-${tid}-${factsOf(`${proc}/${pid}/task/${tid}`).start}`
  } catch (error) {
    throw unusable(proc, reasonOf(error), error)
  }
}

const SELF = /^l-([0-9a-f]+-[0-9a-f]+)-(\d+)-(\d+)-(\d+)$/

function stateOf(owner: string, world: string, proc: string): OwnerState {
  const [, theirs, pid = '', tid = '', start] = SELF.exec(owner) ?? []
  if (theirs !== world) return 'unknown'
  try {
    const facts = factsOf(`${proc}/${pid}/task/${tid}`)
    if (facts.start !== start || /[ZX]/i.test(facts.state)) return 'gone'
    return facts.state === 'T' ? 'stopped' : 'running'
  } catch (error) {
    return isMissing(error) && isProvenGone(proc, pid) ? 'gone' : 'unknown'
  }
}

/** The thread's entry may vanish between opening and reading it (ESRCH). */
function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH'
}

/** An entry that is not shown (hidepid, no /proc) is no proof: either the process is shown without the thread, or no process has the id. */
function isProvenGone(proc: string, pid: string): boolean {
  if (existsSync(`${proc}/${pid}/task`)) return true
  try {
    sendSignal(Number(pid), 0)
    return false
  } catch (error) {
    return codeOf(error) === 'ESRCH'
  }
}

/** State and start time, in clock ticks since boot. The name before them may contain anything. */
function factsOf(dir: string): { readonly state: string; readonly start: string } {
  // As UTF-8, which Node reads without the functions of `fs` that tests may have replaced.
  const stat = readFileSync(`${dir}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state = '', start = ''] = [fields[0], fields[19]]
  // Emulated kernels may say less; that proves nothing.
  if (!/^\d+$/.test(start)) throw new Error(`"${dir}/stat" does not tell when the thread was started`)
  return { state, start }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

function unusable(proc: string, reason: string, cause?: unknown): HeddleError {
  return new HeddleError('HEDDLE_LOCK_DIR_UNUSABLE', {
    problem: `Cannot tell whether the holder of a lock still lives, by "${proc}": ${reason}`,
    fix: 'run the tests where /proc is mounted and shows the own processes.',
    cause,
  })
}
