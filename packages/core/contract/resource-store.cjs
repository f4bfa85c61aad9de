// A toy of a resource: a directory per instance, in which tests write files.
const fs = require('node:fs')
const { join } = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')
const { defineResource } = require('@heddle/core')

/** What killed runs left: directories are named after the process that made them. */
function sweep(store) {
  for (const name of fs.readdirSync(store))
    if (!isLiving(Number(name.split('-')[0]))) fs.rmSync(join(store, name), { recursive: true, force: true })
}

function isLiving(pid) {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

exports.createStore = ({ store, say, perTest, createMs }) =>
  defineResource({
    kind: 'toy',
    perTest,
    start: () => {
      say('start', process.pid)
      sweep(store)
    },
    create: async ({ slot, lifetime, number }) => {
      say('create', `${lifetime} ${number}`)
      await sleep(createMs)
      const dir = join(store, `${process.pid}-${lifetime}-${slot}-${number}`)
      fs.mkdirSync(dir)
      say('created', dir)
      return { dir }
    },
    env: ({ dir }) => ({ TOY_DIR: dir }),
    reset: ({ dir }) => {
      const names = fs.readdirSync(dir)
      for (const name of names) fs.rmSync(join(dir, name))
      return { cleaned: names }
    },
    calls: { count: ({ dir }) => fs.readdirSync(dir).length, echo: (_, value) => value },
    destroy: async ({ dir }) => {
      await sleep(createMs)
      fs.rmSync(dir, { recursive: true })
      say('destroyed', dir)
    },
    stop: () => say('stop', process.pid),
  })
