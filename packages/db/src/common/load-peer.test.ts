import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadPeer } from './load-peer.js'

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'heddle-peer-'))
})

afterEach(() => rmSync(root, { recursive: true }))

function install(name: string, code: string): void {
  mkdirSync(join(root, 'node_modules', name), { recursive: true })
  writeFileSync(join(root, 'node_modules', name, 'index.js'), code)
}

test('the package of the project is loaded', () => {
  install('some-driver', 'module.exports = { mine: true }')
  expect(loadPeer('some-driver', { root, user: 'mysql({ … })' })).toEqual({ mine: true })
})

test('one that is not there is told, with how to install it', () => {
  expect(() => loadPeer('some-driver', { root, user: 'mysql({ … })' })).toThrow(
    'HEDDLE_RESOURCE_FAILED: Cannot load "some-driver", which mysql({ … }) needs: it is not installed\nFix: npm i -D some-driver',
  )
})

test('one that does not load is told with why', () => {
  install('some-driver', "throw new Error('wrong ABI')")
  expect(() => loadPeer('some-driver', { root, user: 'sqlite({ … })' })).toThrow(/wrong ABI\nFix: install it again/)
})
