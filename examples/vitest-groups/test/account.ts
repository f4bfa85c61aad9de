import { rmSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

const BUSY = 'account-in-use'

/** Pays from the one account there is, which refuses two payments at a time. */
export async function pay(): Promise<'paid'> {
  writeFileSync(BUSY, '', { flag: 'wx' })
  await setTimeout(150)
  rmSync(BUSY)
  return 'paid'
}
