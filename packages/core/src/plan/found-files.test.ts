import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dirWith, temporaryDir } from '../../fixtures/directories.js'
import { readFoundFiles, writeFoundFiles } from './found-files.js'

test('what one process writes another one reads', () => {
  const file = join(temporaryDir(), 'found.json')
  const files = [{ key: 'a.test.ts\tunit', stage: 1, batch: 'x' }, { key: 'b.test.ts' }]
  writeFoundFiles(file, files)
  expect(readFoundFiles(file)).toEqual(files)
})

test('what an adapter keeps undefined does not reach the file', () => {
  const file = join(temporaryDir(), 'found.json')
  writeFoundFiles(file, [{ key: 'a', stage: undefined, batch: undefined }])
  expect(readFoundFiles(file)).toEqual([{ key: 'a' }])
})

test('what an adapter attached for itself does not reach the file, even when it cannot be written', () => {
  const specification: Record<string, unknown> = {}
  specification['itself'] = specification
  const file = join(temporaryDir(), 'found.json')
  const found = [{ key: 'a', specification }]
  writeFoundFiles(file, found)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([{ key: 'a' }])
})

test.each(['', '{}', '[{"key":1}]'])('a list like %j is refused with the file named', (text) => {
  const dir = dirWith({ 'found.json': text })
  expect(() => readFoundFiles(join(dir, 'found.json'))).toThrow(/^HEDDLE_HOST_FAILED: Cannot read .*found\.json": /)
})

test('a missing list is refused with a hint that the host runs without heddle', () => {
  const file = join(temporaryDir(), 'none.json')
  expect(() => readFoundFiles(file)).toThrow(/ENOENT.*\nFix: check that the host runs with heddle/)
})
