'use strict'
// What a host does with a resource, without a host: the built package, driven through its definition.
const { randomBytes } = require('node:crypto')
const { RESOURCE } = require('@heddle/core')
const { resourceSurroundings } = require('@heddle/core/run-fixtures')
const { postgres } = require('@heddle/db/postgres')

/**
 * @param {object} options of `postgres`
 * @param {{ root: string, name?: string, slots?: number, env?: object, runId?: string }} place
 */
async function openRun(options, { root, name = 'main', slots = 2, env = process.env, runId = newRunId() }) {
  const definition = postgres(options)[RESOURCE]
  const printed = []
  const abort = new AbortController()
  const surroundings = resourceSurroundings({ name, root, env, print: (line) => printed.push(line), runId })
  const context = { ...surroundings, runId, slots, signal: abort.signal }
  const server = await definition.start(context)
  let number = 0
  const instances = new Set()
  const create = async (slot, lifetime = 'worker') => {
    number += 1
    const instance = await definition.create({ ...context, slot, lifetime, number }, server)
    instances.add(instance)
    return instance
  }
  const destroy = async (instance) => {
    if (instances.delete(instance)) await definition.destroy(instance, server)
  }
  let stopped
  const stop = () => (stopped ??= definition.stop(server))
  const end = async () => {
    await Promise.all([...instances].map((instance) => destroy(instance).catch(() => {})))
    await stop()
  }
  return {
    abort,
    context,
    printed,
    create,
    value: (instance) => definition.value(instance),
    env: (instance) => definition.env(instance),
    reset: (instance) => definition.reset(instance, server),
    rows: (instance, sql, values) => definition.calls.query(instance, sql, values).then((outcome) => outcome.rows),
    tagged: (instance, strings, ...values) => definition.calls.rows(instance, strings, ...values),
    afterTest: (instance, test = 'a test', hasFailed = false, isShared = false) =>
      definition.afterTest(instance, { test, hasFailed, isShared }, server),
    destroy,
    stop,
    end,
  }
}

function newRunId() {
  return `contract-${randomBytes(6).toString('hex')}`
}

/** What the command line does. */
function adminOf(options, { root, name = 'main', env = process.env }) {
  const { admin } = postgres(options)[RESOURCE]
  const surroundings = resourceSurroundings({ name, root, env, print: () => {} })
  return {
    status: () => admin.status(surroundings),
    clean: (how = {}) => admin.clean(surroundings, { isAll: false, isDryRun: false, ...how }),
    rebuild: () => admin.rebuild(surroundings),
  }
}

module.exports = { adminOf, openRun }
