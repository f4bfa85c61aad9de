import fs, { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryDir, writeInto } from '../../fixtures/directories.js'
import { pidOf } from './owners.js'
import { tokenOwners } from './token-owners.js'

const { O_CREAT, O_EXCL, O_NONBLOCK, O_RDONLY, O_RDWR } = fs.constants
const OTHER = 'k-7-0123456789abcdef'

/** A system error as open(2) throws it. */
function failure(code: string): Error {
  return Object.assign(new Error(`${code}: it cannot be opened`), { code })
}

/** Locks exist on macOS and Windows only; elsewhere the flags are stripped, so that every file opens. */
function openPlainly(path: fs.PathLike, flags: fs.OpenMode, mode?: fs.Mode | null): number {
  return fs.openSync(path, Number(flags) & (O_RDWR | O_CREAT | O_EXCL), mode)
}

describe('a thread that is known by its token', () => {
  test('is named after its process and runs', () => {
    const dir = join(temporaryDir(), 'v1', 'owners')
    const { self, stateOf, close } = tokenOwners(dir, 'darwin', openPlainly)
    expect(self).toMatch(/^k-\d+-[0-9a-f]{16}$/)
    expect(pidOf(self)).toBe(process.pid)
    expect(readdirSync(dir)).toEqual([self])
    expect(stateOf(self)).toBe('running')
    close()
    expect(readdirSync(dir)).toEqual([])
  })

  test('is another one each time', () => {
    const dir = temporaryDir()
    const [a, b] = [tokenOwners(dir, 'win32', openPlainly), tokenOwners(dir, 'win32', openPlainly)]
    expect(a.self).not.toBe(b.self)
    a.close()
    b.close()
  })

  test.each([
    ['darwin', O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK | 0x20, O_RDONLY | O_NONBLOCK | 0x10],
    ['win32', O_RDWR | O_CREAT | O_EXCL | 0x10000000, O_RDONLY],
  ] as const)('takes the lock of %s with the flags of its system', (platform, hold, probe) => {
    const seen: unknown[] = []
    const open: typeof fs.openSync = (path, flags, mode) => {
      seen.push(flags)
      return openPlainly(path, flags, mode)
    }
    const { stateOf, close } = tokenOwners(temporaryDir(), platform, open)
    stateOf(OTHER)
    close()
    expect(seen).toEqual([hold, probe])
  })

  test.each([
    ['EAGAIN', 'running'],
    ['EWOULDBLOCK', 'running'],
    ['EBUSY', 'running'],
    ['ENOENT', 'gone'],
    ['EACCES', 'unknown'],
    ['EPERM', 'unknown'],
    ['EMFILE', 'unknown'],
    ['EIO', 'unknown'],
    ['EISDIR', 'unknown'],
  ])('by %s is %s, and its token stays', (code, state) => {
    const dir = temporaryDir()
    const token = writeInto(dir, OTHER, '')
    const { stateOf, sweep, close } = tokenOwners(dir, 'darwin', (path, flags, mode) => {
      if (path === token) throw failure(code)
      return openPlainly(path, flags, mode)
    })
    expect(stateOf(OTHER)).toBe(state)
    sweep()
    close()
    expect(existsSync(token)).toBe(true)
  })

  test('is gone when its token is not locked any more, and then the token is removed', () => {
    const dir = temporaryDir()
    const token = writeInto(dir, OTHER, '')
    const { stateOf, close } = tokenOwners(dir, 'darwin', openPlainly)
    expect(stateOf(OTHER)).toBe('gone')
    expect(existsSync(token)).toBe(false)
    expect(stateOf(OTHER)).toBe('gone')
    close()
  })

  test.each(['', 'l-1-2-3-4-5', 'k-7-0123', 'k-7-0123456789ABCDEF', '../k-7-0123456789abcdef', 'notes.txt'])(
    'is not judged by a file called %j',
    (owner) => {
      const dir = temporaryDir()
      const { stateOf, close } = tokenOwners(dir, 'win32', openPlainly)
      expect(stateOf(owner)).toBe('unknown')
      close()
    },
  )

  test('sweeps the tokens of the dead, not its own and not what is foreign', () => {
    const dir = temporaryDir()
    writeInto(dir, OTHER, '')
    writeInto(dir, 'notes.txt', '')
    const { self, sweep, close } = tokenOwners(dir, 'darwin', openPlainly)
    sweep()
    expect(readdirSync(dir).sort()).toEqual([self, 'notes.txt'].sort())
    close()
  })

  test('makes another token when the first vanishes before it is locked', () => {
    const dir = temporaryDir()
    const made: string[] = []
    const { self, close } = tokenOwners(dir, 'darwin', (path, flags, mode) => {
      const fd = openPlainly(path, flags, mode)
      if (made.push(String(path)) <= 2) fs.unlinkSync(path)
      return fd
    })
    expect(made.map((path) => path === join(dir, self))).toEqual([false, false, true])
    expect(readdirSync(dir)).toEqual([self])
    close()
  })

  test('makes another token when the first is replaced by another file', () => {
    const dir = temporaryDir()
    let count = 0
    const { self, close } = tokenOwners(dir, 'darwin', (path, flags, mode) => {
      const fd = openPlainly(path, flags, mode)
      if (count++ > 0) return fd
      fs.renameSync(path, `${String(path)}.old`)
      writeFileSync(path, '')
      return fd
    })
    expect(count).toBe(2)
    expect(existsSync(join(dir, self))).toBe(true)
    close()
  })

  test('makes another token when a probe holds the first', () => {
    let count = 0
    const { close } = tokenOwners(temporaryDir(), 'darwin', (path, flags, mode) => {
      if (count++ === 0) throw failure('EAGAIN')
      return openPlainly(path, flags, mode)
    })
    expect(count).toBe(2)
    close()
  })

  test('that never gets a token is an error with the reason', () => {
    const dir = temporaryDir()
    const refuse = (): number => {
      throw failure('EROFS')
    }
    expect(() => tokenOwners(dir, 'darwin', refuse)).toThrow(
      expect.objectContaining({
        code: 'HEDDLE_LOCK_DIR_UNUSABLE',
        message: expect.stringContaining(`Cannot keep a locked file in "${dir}": EROFS: it cannot be opened\nFix: `),
      }),
    )
    const vanish: typeof fs.openSync = (path, flags, mode) => {
      const fd = openPlainly(path, flags, mode)
      fs.unlinkSync(path)
      return fd
    }
    expect(() => tokenOwners(dir, 'win32', vanish)).toThrow('it is removed each time')
  })
})
