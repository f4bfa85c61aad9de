const { appendFileSync, mkdirSync } = require('node:fs')
const { join } = require('node:path')
const { setTimeout } = require('node:timers/promises')

/** Writes when this file began and ended, with a known duration in between. */
exports.sleepObserved = async (name, ms) => {
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
