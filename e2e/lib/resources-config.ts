/** Told by whoever has something to tell, in the order in which it was. */
export const LOG = 'told.txt'

/**
 * A heddle.config with resources made at home. `data` is a directory that begins with one file, and has one per worker;
 * `counter` is a number behind HTTP, all on one server.
 */
export const CONFIG = `
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { defineResource } from '@heddle/db'

const tell = (line) => appendFileSync(process.env.RESOURCES_LOG, line + '\\n')

function clean(dir) {
  const extra = readdirSync(dir).filter((name) => name !== 'seed')
  for (const name of extra) rmSync(join(dir, name), { recursive: true })
  writeFileSync(join(dir, 'seed'), '')
  return extra
}

const data = defineResource({
  kind: 'directory',
  create: async ({ slot, lifetime, tempDir }) => {
    const dir = join(await tempDir(), 'data')
    mkdirSync(dir)
    clean(dir)
    tell('create data ' + lifetime)
    return { dir, slot, lifetime }
  },
  value: ({ dir, slot, lifetime }) => ({ dir, slot, lifetime, at: new Date(0) }),
  env: ({ dir }) => ({ DATA_DIR: dir }),
  reset: ({ dir }) => {
    if (existsSync(join(dir, 'stuck'))) throw new Error('it is stuck')
    return { cleaned: clean(dir) }
  },
  afterTest: ({ dir }, { hasFailed }) => ({
    left: existsSync(join(dir, 'open')) ? ['the file "open"'] : [],
    kept: hasFailed ? ['a copy of ' + dir] : [],
  }),
  calls: {
    list: ({ dir }) => readdirSync(dir).sort().map((name) => ({ name })),
    fail: () => { throw new TypeError('no such row') },
  },
  destroy: ({ dir, lifetime }) => { tell('destroy data ' + lifetime + ' ' + existsSync(dir)) },
})

const counter = defineResource({
  kind: 'counter',
  files: '**/counts*',
  perTest: 'clone',
  start: async () => {
    const counts = new Map()
    const server = createServer(({ url }, response) => {
      counts.set(url, counts.get(url) + 1)
      response.end(String(counts.get(url)))
    })
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    tell('start counter')
    return { server, counts }
  },
  create: ({ number }, { server, counts }) => {
    const path = '/' + number
    counts.set(path, 0)
    tell('create counter')
    return { path, url: 'http://127.0.0.1:' + server.address().port + path }
  },
  value: ({ url }) => ({ url }),
  env: ({ url }) => ({ COUNTER_URL: url }),
  destroy: ({ path }, { counts }) => { counts.delete(path); tell('destroy counter') },
  stop: ({ server, counts }) => { server.closeAllConnections(); server.close(); tell('stop counter ' + counts.size) },
})

const broken = defineResource({
  kind: 'broken',
  files: '**/needs-broken*',
  create: () => { throw new Error('it cannot be made') },
})

export default { silent: true, keepTempDirs: 'never', resources: { data, counter, broken } }
`

/** What test files do with the directory and the log: taken when it is loaded, natively. */
export const HELPERS = `
const { appendFileSync, readdirSync, readFileSync, writeFileSync } = process.getBuiltinModule('node:fs')
const { join } = process.getBuiltinModule('node:path')
const later = setTimeout
const sleep = (ms) => new Promise((resolve) => later(resolve, ms))
const list = () => [...readdirSync(process.env.DATA_DIR)].sort()
const put = (name) => writeFileSync(join(process.env.DATA_DIR, name), '')
const tell = (line) => appendFileSync(process.env.RESOURCES_LOG, line + '\\n')
const told = () => readFileSync(process.env.RESOURCES_LOG, 'utf8').split('\\n')
async function until(line) {
  for (let i = 0; !told().includes(line); i++) {
    if (i > 500) throw new Error('nobody has told ' + line)
    await sleep(20)
  }
}
`
