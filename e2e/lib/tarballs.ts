import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const PACKAGES = ['core', 'db', 'vitest', 'jest', 'cli'] as const

/** Packs every package as npm would publish it. @returns the tarballs */
export function packTarballs(): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'heddle-tarballs-'))
  const folders = PACKAGES.map((name) => resolve(import.meta.dirname, '../../packages', name))
  execFileSync('npm', ['pack', '--pack-destination', dir, ...folders], {
    stdio: 'pipe',
    shell: process.platform === 'win32',
  })
  return readdirSync(dir)
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => join(dir, name))
}
