import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { bootOf, readServerState, writeServerState } from './server-state.js'

function newDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'heddle-db-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

test('what was written is read again, by this user alone', () => {
  const file = join(newDir(), 'state.json')
  const state = { boot: 'b', password: 'secret', data: 'data-1' }
  writeServerState(file, state)
  expect(readServerState(file)).toEqual(state)
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
})

test.each(['', '{', '{}', '{"boot":"b","password":1,"data":"d"}', '{"boot":"b","password":"p"}'])(
  'what is not whole (%s) counts for nothing',
  (text) => {
    const file = join(newDir(), 'state.json')
    writeFileSync(file, text)
    expect(readServerState(file)).toBeUndefined()
  },
)

test('what is not there counts for nothing', () => {
  expect(readServerState(join(newDir(), 'state.json'))).toBeUndefined()
})

test('a boot stays the same while the machine is on, also where the kernel does not name it', () => {
  expect(bootOf()).toBe(bootOf())
  expect(bootOf('/no/such/file')).toMatch(/^\d+$/)
})
