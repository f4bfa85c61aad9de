#!/usr/bin/env node
import { EXIT } from './exit-codes.js'
import { main } from './main.js'

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // `heddle history | head`: the reader has seen enough.
    if (error.code === 'EPIPE') return
    process.stderr.write(`heddle: Cannot write the output: ${error.message}\n`)
    process.exit(EXIT.environment)
  })
}

process.exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  env: process.env,
  signals: process,
  now: Date.now,
})
