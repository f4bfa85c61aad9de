import { appendFileSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** Writes when this file began and ended, with a known duration in between. */
export async function sleepObserved(file, ms) {
  const name = basename(file)
  const write = (kind) => {
    mkdirSync(process.env.EVENTS, { recursive: true })
    appendFileSync(
      join(process.env.EVENTS, `${name}.jsonl`),
      `${JSON.stringify({ file: name, kind, at: Date.now() })}\n`,
    )
  }
  write('begin')
  await setTimeout(ms)
  write('end')
}
