import { createHash } from 'node:crypto'

/** As many of [0-9a-z] as asked for, which say what `parts` are: for names that are to be short. 6 of them are 31 bits. */
export function shortHash(parts: readonly string[], length: number): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  return BigInt(`0x${digest}`).toString(36).padStart(50, '0').slice(-length)
}
