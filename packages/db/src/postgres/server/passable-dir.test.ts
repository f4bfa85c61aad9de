import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isPassable } from './passable-dir.js'

test.skipIf(process.platform === 'win32')('a directory is passable if all above it are', () => {
  const dir = mkdtempSync(join(tmpdir(), 'heddle-passable-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  mkdirSync(join(dir, 'inner'), { mode: 0o755 })
  chmodSync(dir, 0o711)
  expect(isPassable(join(dir, 'inner'))).toBe(true)
  chmodSync(dir, 0o700)
  expect(isPassable(join(dir, 'inner'))).toBe(false)
  expect(isPassable(join(dir, 'missing'))).toBe(false)
})
