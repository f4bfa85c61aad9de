#!/usr/bin/env node
import { EXIT } from './exit-codes.js'
import { main } from './main.js'
import type { Output } from './terminal.js'

process.exitCode = await main(process.argv.slice(2), {
  stdout: outputTo(process.stdout),
  stderr: outputTo(process.stderr),
  // Opened only if something is asked.
  get stdin() {
    return process.stdin
  },
  cwd: process.cwd(),
  env: process.env,
  signals: process,
  now: Date.now,
})

function outputTo(stream: NodeJS.WriteStream): Output {
  let isRead = true
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // `heddle history | head`: the reader has seen enough.
    isRead &&= error.code !== 'EPIPE'
    if (!isRead) return
    process.stderr.write(`heddle: Cannot write the output: ${error.message}\n`)
    process.exit(EXIT.environment)
  })
  return {
    isTTY: stream.isTTY,
    write: (text) => stream.write(text),
    get isRead() {
      return isRead
    },
  }
}
