import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { codeOf, HeddleError, reasonOf } from '../errors.js'
import { closeSync, FS, fstatSync, mkdirSync, openSync, readdirSync, statSync } from './captured.js'
import type { Owners, OwnerState } from './owners.js'
import { tryUnlink } from './try-unlink.js'

/** Flags of open(2) that lock a file for as long as it is open; the kernel drops the lock with the thread. */
interface KernelLock {
  readonly hold: number
  readonly probe: number
  readonly open: typeof openSync
}

/**
 * macOS: O_EXLOCK and O_SHLOCK, a BSD lock taken while opening. Windows: libuv's UV_FS_O_EXLOCK, a share mode of 0; any
 * other open then fails with EBUSY.
 */
function flagsOf(platform: NodeJS.Platform): Pick<KernelLock, 'hold' | 'probe'> {
  return platform === 'win32'
    ? { hold: 0x10000000, probe: 0 }
    : { hold: 0x20 | FS.O_NONBLOCK, probe: 0x10 | FS.O_NONBLOCK }
}

/** A thread is `k-<pid>-<random>`: the name of a file that it keeps open and locked until it ends. */
export function tokenOwners(dir: string, platform: NodeJS.Platform, open = openSync): Owners {
  const lock = { ...flagsOf(platform), open }
  const { self, fd } = takeToken(dir, lock)
  return {
    self,
    stateOf: (owner) => (owner === self ? 'running' : probe(dir, owner, lock)),
    sweep() {
      for (const owner of readdirSync(dir)) if (owner !== self) probe(dir, owner, lock)
    },
    close() {
      // Windows does not remove what is open, others must not take a removed file for a dead owner too early.
      closeSync(fd)
      tryUnlink(join(dir, self))
    },
  }
}

const ATTEMPTS = 5

/** Somebody else's sweep may remove the file between its creation and its lock: then another one is made. */
function takeToken(dir: string, lock: KernelLock): { readonly self: string; readonly fd: number } {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  let failure: unknown
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const self = `k-${process.pid}-${randomBytes(8).toString('hex')}`
    const file = join(dir, self)
    try {
      const fd = lock.open(file, FS.O_RDWR | FS.O_CREAT | FS.O_EXCL | lock.hold, 0o600)
      if (isStillThere(file, fd)) return { self, fd }
      closeSync(fd)
    } catch (error) {
      failure = error
    }
  }
  throw new HeddleError('HEDDLE_LOCK_DIR_UNUSABLE', {
    problem: `Cannot keep a locked file in "${dir}": ${reasonOf(failure ?? 'it is removed each time')}`,
    fix: 'set HEDDLE_LOCK_DIR to a directory on a local disk that you can write to.',
    cause: failure,
  })
}

function isStillThere(file: string, fd: number): boolean {
  try {
    return statSync(file).ino === fstatSync(fd).ino
  } catch {
    return false
  }
}

const TOKEN = /^k-\d+-[0-9a-f]{16}$/

function probe(dir: string, owner: string, lock: KernelLock): OwnerState {
  if (!TOKEN.test(owner)) return 'unknown'
  const file = join(dir, owner)
  try {
    const fd = lock.open(file, FS.O_RDONLY | lock.probe)
    // Removed while still locked by this probe: its owner, if it was just about to lock it, makes another one.
    tryUnlink(file)
    closeSync(fd)
    return 'gone'
  } catch (error) {
    return stateByError(codeOf(error))
  }
}

function stateByError(code: string | undefined): OwnerState {
  if (code === 'ENOENT') return 'gone'
  return code === 'EAGAIN' || code === 'EWOULDBLOCK' || code === 'EBUSY' ? 'running' : 'unknown'
}
