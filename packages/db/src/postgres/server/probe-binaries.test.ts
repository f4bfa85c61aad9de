import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { probeBinaries } from './probe-binaries.js'

describe.skipIf(process.platform === 'win32')('probeBinaries', () => {
  test.each([
    ['postgres (PostgreSQL) 18.4', '18.4', 18],
    ['postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)', '15.20', 15],
    ['postgres (PostgreSQL) 19beta1', '19', 19],
  ])('reads the version in "%s"', async (said, version, major) => {
    const dir = binariesThat(`echo '${said}'`)
    const binaries = { kind: 'system', dir, version, major }
    expect(await probeBinaries({ kind: 'system', dir }, undefined)).toEqual({ kind: 'runs', binaries })
  })

  test.each([
    ['error while loading shared libraries: libicui18n.so.60: cannot open shared object file', 'no library'],
    ['Permission denied', 'unreadable'],
    ['Segmentation fault', 'foreign'],
  ])('tells what "%s" means', async (said, kind) => {
    const dir = binariesThat(`echo '${said}' >&2; exit 127`)
    expect(await probeBinaries({ kind: 'system', dir }, undefined)).toMatchObject({ kind })
  })

  test('refuses versions that cannot do what is needed', async () => {
    const dir = binariesThat(`echo 'postgres (PostgreSQL) 12.22'`)
    const reason = 'version 12.22 is older than 13'
    expect(await probeBinaries({ kind: 'system', dir }, undefined)).toEqual({ kind: 'foreign', reason })
  })

  test('takes programs that are there and cannot be found for those of another libc', async () => {
    const dir = binariesThat('', '#!/no/such/loader')
    expect(await probeBinaries({ kind: 'embedded', dir }, undefined)).toMatchObject({
      kind: 'foreign',
      reason: expect.stringContaining('another libc') as string,
    })
  })

  test('sees what may not be run', async () => {
    const dir = binariesThat('')
    chmodSync(join(dir, 'postgres'), 0o644)
    expect(await probeBinaries({ kind: 'embedded', dir }, undefined)).toEqual({ kind: 'unreadable' })
  })
})

function binariesThat(script: string, interpreter = '#!/bin/sh'): string {
  const dir = mkdtempSync(join(tmpdir(), 'heddle-db-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  writeFileSync(join(dir, 'postgres'), `${interpreter}\n${script}\n`, { mode: 0o755 })
  return dir
}
