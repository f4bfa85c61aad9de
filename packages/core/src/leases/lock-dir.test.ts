import { chmodSync, chownSync, lstatSync, mkdirSync, statfsSync, symlinkSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryDir, writeInto } from '../../fixtures/directories.js'
import { findLockDir, networkFlaw, openLockDir } from './lock-dir.js'

const isRoot = process.getuid?.() === 0

describe('findLockDir', () => {
  test.runIf(process.getuid !== undefined).each(['linux', 'darwin', 'freebsd'] as const)(
    'on %s it is one directory per user directly in /tmp, whatever TMPDIR says',
    (platform) => {
      expect(findLockDir({ TMPDIR: '/var/folders/x' }, platform)).toBe(`/tmp/heddle-${process.getuid?.()}`)
    },
  )

  test('on Windows it is in the local application data of the user', () => {
    const local = resolve('/users/ada/local')
    expect(findLockDir({ LOCALAPPDATA: local }, 'win32')).toBe(join(local, 'heddle', 'locks'))
  })

  test.each([undefined, '', 'relative'])('LOCALAPPDATA=%j falls back to the home directory', (local) => {
    expect(findLockDir({ LOCALAPPDATA: local }, 'win32')).toBe(join(homedir(), 'AppData', 'Local', 'heddle', 'locks'))
  })

  test.each(['linux', 'darwin', 'win32'] as const)('HEDDLE_LOCK_DIR overrides it on %s', (platform) => {
    expect(findLockDir({ HEDDLE_LOCK_DIR: '/locks' }, platform)).toBe(resolve('/locks'))
    expect(findLockDir({ HEDDLE_LOCK_DIR: 'locks' }, platform)).toBe(resolve('locks'))
  })

  test('an empty HEDDLE_LOCK_DIR overrides nothing', () => {
    expect(findLockDir({ HEDDLE_LOCK_DIR: '' })).toBe(findLockDir({}))
  })
})

/** @returns why the directory is refused */
function refusalOf(dir: string, platform?: NodeJS.Platform): unknown {
  try {
    openLockDir(dir, platform)
    return undefined
  } catch (error) {
    expect(error).toMatchObject({
      code: 'HEDDLE_LOCK_DIR_UNUSABLE',
      message: expect.stringContaining(`Cannot keep locks in "${dir}": `),
    })
    expect(error).toMatchObject({ message: expect.stringContaining('Fix: set HEDDLE_LOCK_DIR') })
    return (error as Error).message
  }
}

describe.skipIf(process.platform === 'win32')('openLockDir', () => {
  test('creates the directory and those above it, for this user alone', () => {
    const dir = join(temporaryDir(), 'a', 'locks')
    openLockDir(dir)
    expect(lstatSync(dir).mode & 0o777).toBe(0o700)
    expect(lstatSync(dir).uid).toBe(process.getuid?.())
  })

  test('a directory that others may read, but not write to, is good enough', () => {
    const dir = temporaryDir()
    chmodSync(dir, 0o755)
    expect(refusalOf(dir)).toBeUndefined()
  })

  test('opening twice is fine', () => {
    const dir = temporaryDir()
    openLockDir(dir)
    expect(refusalOf(dir)).toBeUndefined()
  })

  test('a symbolic link is refused, also one to a good directory', () => {
    const dir = temporaryDir()
    mkdirSync(join(dir, 'real'), { mode: 0o700 })
    symlinkSync(join(dir, 'real'), join(dir, 'link'))
    expect(refusalOf(join(dir, 'link'))).toContain('it is a symbolic link')
  })

  test('a link that leads nowhere is refused', () => {
    const link = join(temporaryDir(), 'link')
    symlinkSync('nowhere', link)
    expect(refusalOf(link)).toBeDefined()
  })

  test('a file is refused, also as a part of the path', () => {
    const file = writeInto(temporaryDir(), 'file', '')
    expect(refusalOf(file)).toContain('it is not a directory')
    expect(refusalOf(join(file, 'locks'))).toBeDefined()
  })

  test.runIf(isRoot)('a directory of another user is refused', () => {
    const dir = temporaryDir()
    chownSync(dir, 12_345, 12_345)
    expect(refusalOf(dir)).toContain('it belongs to another user (uid 12345)')
  })

  test.each([0o720, 0o702, 0o777, 0o1777])('a directory with mode %o is refused', (mode) => {
    const dir = temporaryDir()
    chmodSync(dir, mode)
    expect(refusalOf(dir)).toContain(`others may write to it (mode ${(mode & 0o777).toString(8)})`)
  })

  test.skipIf(isRoot)('a place where nothing can be created is refused', () => {
    const parent = temporaryDir()
    chmodSync(parent, 0o500)
    expect(refusalOf(join(parent, 'locks'))).toContain('EACCES')
  })

  test.runIf(process.platform === 'linux')('a place where even root can create nothing is refused', () => {
    expect(refusalOf('/sys/heddle-locks')).toMatch(/EPERM|EACCES|EROFS/)
  })

  test('on Windows owners and modes mean nothing, links and files still do', () => {
    const dir = temporaryDir()
    chmodSync(dir, 0o777)
    expect(refusalOf(dir, 'win32')).toBeUndefined()
    symlinkSync(dir, join(dir, 'link'))
    expect(refusalOf(join(dir, 'link'), 'win32')).toContain('it is a symbolic link')
  })
})

describe('networkFlaw', () => {
  test.each([
    [0x6969, 'NFS'],
    [0x517b, 'SMB'],
    [0xff534d42, 'CIFS'],
    [0xfe534d42, 'SMB2'],
    [0x65735546, 'FUSE'],
    [0x01021997, '9P'],
    [0x00c36400, 'Ceph'],
    [0xbacbacbc, 'VMware shared folders'],
  ])('the file system %i is %s', (type, name) => {
    expect(networkFlaw(BigInt(type))).toContain(`(${name})`)
  })

  test.each([
    [0xff534d42, 'CIFS'],
    [0xfe534d42, 'SMB2'],
    [0xbacbacbc, 'VMware shared folders'],
  ])('%i is known as %s also with its sign extended', (type, name) => {
    expect(networkFlaw(BigInt(type | 0))).toContain(`(${name})`)
    expect(networkFlaw(BigInt.asUintN(64, BigInt(type | 0)))).toContain(`(${name})`)
  })

  test.each([
    ['ext4', 0xef53],
    ['tmpfs', 0x01021994],
    ['overlayfs', 0x794c7630],
    ['btrfs', 0x9123683e],
    ['xfs', 0x58465342],
    ['zfs', 0x2fc12fc1],
  ])('%s is local', (_, type) => {
    expect(networkFlaw(BigInt(type))).toBeUndefined()
    expect(networkFlaw(BigInt(type | 0))).toBeUndefined()
  })

  test.runIf(process.platform === 'linux')('the file system of the temporary files is local', () => {
    expect(networkFlaw(statfsSync(temporaryDir(), { bigint: true }).type)).toBeUndefined()
  })
})
