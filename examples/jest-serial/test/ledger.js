const { existsSync, readFileSync, writeFileSync } = require('node:fs')
const { setTimeout } = require('node:timers/promises')
const { isSerial } = require('@heddle/jest')

/** One file for all tests of all runs, as a shared database or account would be. */
const FILE = 'ledger.json'

function balance() {
  return existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : 0
}

/** Reads, works, writes: whatever another test books in between is lost. */
async function book(amount) {
  if (!isSerial('ledger')) throw new Error('book() is only safe in a test under serial("ledger")')
  const before = balance()
  await setTimeout(100)
  writeFileSync(FILE, JSON.stringify(before + amount))
}

module.exports = { balance, book }
