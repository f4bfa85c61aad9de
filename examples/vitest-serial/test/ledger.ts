import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { isSerial } from '@heddle/vitest'

/** One file for all tests of all runs, as a shared database or account would be. */
const FILE = 'ledger.json'

export function balance(): number {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as number) : 0
}

/** Reads, works, writes: whatever another test books in between is lost. */
export async function book(amount: number): Promise<void> {
  if (!isSerial('ledger')) throw new Error('book() is only safe in a test under serial("ledger")')
  const before = balance()
  await setTimeout(100)
  writeFileSync(FILE, JSON.stringify(before + amount))
}
