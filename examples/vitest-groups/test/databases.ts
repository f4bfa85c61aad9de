import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { heddle } from '@heddle/vitest'

/** The database of this file alone among the two that there are: `shop_1` or `shop_2`. */
export function database(): string {
  return `shop_${heddle.groupSlot('postgres')}`
}

/** Works in the database for a while, and fails if another file does. */
export async function work(ms: number): Promise<void> {
  const busy = `databases/${database()}`
  mkdirSync('databases', { recursive: true })
  writeFileSync(busy, '', { flag: 'wx' })
  await setTimeout(ms)
  rmSync(busy)
}
