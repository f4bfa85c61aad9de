const { rmSync, writeFileSync } = require('node:fs')
const { setTimeout } = require('node:timers/promises')

const BUSY = 'account-in-use'

/** Pays from the one account there is, which refuses two payments at a time. */
async function pay() {
  writeFileSync(BUSY, '', { flag: 'wx' })
  await setTimeout(150)
  rmSync(BUSY)
  return 'paid'
}

module.exports = { pay }
