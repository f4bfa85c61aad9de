const { mkdirSync, rmSync, writeFileSync } = require('node:fs')
const { setTimeout } = require('node:timers/promises')
const { heddle } = require('@heddle/jest')

/** The database of this file alone among the two that there are: `shop_1` or `shop_2`. */
function database() {
  return `shop_${heddle.groupSlot('postgres')}`
}

/** Works in the database for a while, and fails if another file does. */
async function work(ms) {
  const busy = `databases/${database()}`
  mkdirSync('databases', { recursive: true })
  writeFileSync(busy, '', { flag: 'wx' })
  await setTimeout(ms)
  rmSync(busy)
}

module.exports = { database, work }
