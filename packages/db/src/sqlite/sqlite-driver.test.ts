import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryDir } from '../../fixtures/surroundings.js'
import { loadSqlite } from './sqlite-driver.js'

const isPartOfNode = process.getBuiltinModule('node:sqlite' as 'node:fs') !== undefined

test.skipIf(isPartOfNode)('a better-sqlite3 that needs a newer Node is refused before it is loaded', () => {
  const { dir, remove } = temporaryDir()
  const home = join(dir, 'node_modules', 'better-sqlite3')
  mkdirSync(home, { recursive: true })
  const text = JSON.stringify({ name: 'better-sqlite3', main: 'main.js', engines: { node: '>=99' } })
  writeFileSync(join(home, 'package.json'), text)
  writeFileSync(join(home, 'main.js'), 'process.exit(1)')
  expect(() => loadSqlite(dir)).toThrow(/"better-sqlite3" needs a newer one\nFix: .*better-sqlite3@12/)
  remove()
})
