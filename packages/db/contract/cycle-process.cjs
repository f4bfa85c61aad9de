// A run of one resource in a process of its own, as an adapter drives it, until it is told to end or is killed:
//
//   node cycle-process.cjs '{"entry":"mysql","call":"mysql","options":{…},"dir":"…","cycles":3}'
//
// Prints "begin", one line of JSON for each instance, and "done".
const { mkdirSync, mkdtempSync } = require('node:fs')
const { createServer } = require('node:net')
const { join } = require('node:path')
const { RESOURCE } = require('@heddle/core')
const { threadLeases } = require('@heddle/core/leases')

const { entry, call, options, dir, cycles } = JSON.parse(process.argv[2])
const { signal } = new AbortController()
mkdirSync(dir, { recursive: true })

const context = {
  name: 'main',
  root: dir,
  env: process.env,
  cacheDir: join(dir, 'cache'),
  leases: () => threadLeases({ root: dir }, { ...process.env, HEDDLE_LOCK_DIR: join(dir, 'locks') }),
  print: () => undefined,
  tempDir: async () => mkdtempSync(join(dir, 't-')),
  port: () =>
    new Promise((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const { port } = server.address()
        server.close(() => resolve(port))
      })
    }),
  runId: `cycle ${process.pid} ${process.hrtime.bigint()}`,
  slots: 2,
  signal,
}

async function main() {
  const definition = require(`../dist/${entry}/index.js`)[call](options)[RESOURCE]
  process.stdout.write('begin\n')
  const server = await definition.start?.(context)
  const instances = []
  for (const slot of [1, 2]) {
    const instance = await definition.create({ ...context, slot, number: slot, lifetime: 'worker' }, server)
    instances.push(instance)
    process.stdout.write(`${JSON.stringify(definition.value(instance))}\n`)
  }
  for (let i = 0; i < cycles; i++) for (const instance of instances) await cycle(definition, instance, server, i)
  for (const instance of instances) await definition.destroy(instance, server)
  await definition.stop?.(server)
  process.stdout.write('done\n')
}

async function cycle(definition, instance, server, i) {
  const clone = await definition.create({ ...context, slot: 1, number: 100 + i, lifetime: 'test' }, server)
  await definition.reset(instance, server)
  await definition.afterTest?.(instance, { test: 'a test', hasFailed: false }, server)
  await definition.destroy(clone, server)
}

main().then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(`${error.stack}\n`)
    process.exit(1)
  },
)
