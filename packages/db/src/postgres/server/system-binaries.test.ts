import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { programOf } from './binaries.js'
import { systemBinaryDirs } from './system-binaries.js'

test('the newest version comes first, then PATH; what is not whole is left out', () => {
  const root = mkdtempSync(join(tmpdir(), 'heddle-db-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const add = (dir: string, ...names: ('postgres' | 'initdb')[]): string => {
    const bin = join(root, dir)
    mkdirSync(bin, { recursive: true })
    for (const name of names) writeFileSync(programOf(bin, name), '')
    return bin
  }
  const nine = add('debian/9/bin', 'postgres', 'initdb')
  const fifteen = add('debian/15/bin', 'postgres', 'initdb')
  const sixteen = add('brew/postgresql@16/bin', 'postgres', 'initdb')
  add('debian/17/bin', 'postgres')
  add('debian/common/bin', 'postgres', 'initdb')
  const path = add('bin', 'postgres', 'initdb')
  const env = { PATH: [join(root, 'missing'), path, fifteen].join(delimiter) }
  const places = [join(root, 'debian'), join(root, 'brew'), join(root, 'none')].map((dir) => [dir, 'bin'] as const)
  expect(systemBinaryDirs(env, places)).toEqual([sixteen, fifteen, nine, path])
})
