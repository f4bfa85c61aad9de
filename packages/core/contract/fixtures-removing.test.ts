import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dirWith, temporaryDir } from '../fixtures/directories.js'

const cwd = join(__dirname, '..')

/** Runs as a user to whom write protection means something. */
const AS_NOBODY = `
  const { removing, walk } = require('jiti').createJiti(process.cwd() + '/', { fsCache: false })('./src/fixtures/removing.ts')
  const fs = require('node:fs')
  if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534) }
  const dir = process.argv[1] + '/locked'
  fs.mkdirSync(dir + '/a/b', { recursive: true })
  for (const name of ['/x', '/a/y', '/a/b/z']) fs.writeFileSync(dir + name, '', { mode: 0o400 })
  for (const name of ['/a/b', '/a', '']) fs.chmodSync(dir + name, name === '/a' ? 0 : 0o500)
  walk(removing(dir)).then(() => console.log(fs.existsSync(dir)))
`

test('write-protected files and directories are removed', () => {
  const dir = temporaryDir()
  chmodSync(dir, 0o777)
  const output = execFileSync(process.execPath, ['-e', AS_NOBODY, dir], { cwd })
  expect(output.toString()).toBe('false\n')
})

const MOUNTED = `
  const { removing, walk } = require('jiti').createJiti(process.cwd() + '/', { fsCache: false })('./src/fixtures/removing.ts');
  const isGone = () => !require('node:fs').existsSync(process.argv[1] + '/other');
  walk(removing(process.argv[1])).catch((error) => console.log(error.message, isGone() ? 'other is gone' : 'left'));
`

const canMount = spawnSync('unshare', ['-m', 'true']).status === 0

test.runIf(canMount)('what is mounted in a directory stays, and everything else goes', () => {
  const dir = dirWith({ 'mount/inside': '', 'other/x': '' })
  const script = `mount -t tmpfs none ${dir}/mount && touch ${dir}/mount/precious && "$NODE" -e "$CODE" ${dir}; ls ${dir}/mount`
  const env = { ...process.env, NODE: process.execPath, CODE: MOUNTED }
  const output = execFileSync('unshare', ['-m', 'sh', '-c', script], { cwd, env })
  expect(output.toString()).toBe(`another file system is mounted at "${dir}/mount" other is gone\nprecious\n`)
})
