// Opens a database in memory as a worker does, and resets it over and over, while others do the same with the same template:
//
//   node sqlite-together.cjs <template> <rounds> [better-sqlite3]
const { deepStrictEqual } = require('node:assert')
const { join } = require('node:path')
const [template, rounds, library] = process.argv.slice(2)
if (library === 'better-sqlite3') process.getBuiltinModule = () => undefined
const { open } = require('../dist/sqlite/worker.js')

const part = open({ name: 'main', perTest: 'reset', value: { template, root: join(__dirname, '..') } })
const { client } = part.handle
for (let round = 0; round < Number(rounds); round += 1) {
  client.exec('INSERT INTO item VALUES (NULL)')
  void part.beforeTest()
  deepStrictEqual({ ...client.prepare('SELECT count(*) AS n FROM item').get() }, { n: 0 })
}
