// Loaded into a host with --require: notes the processor time of its main process, where all of heddle runs.
const { writeFileSync } = require('node:fs')
const { isMainThread } = require('node:worker_threads')

if (isMainThread && process.send === undefined) {
  process.on('exit', () => {
    const { user, system } = process.cpuUsage()
    writeFileSync(process.env.BENCH_MAIN_CPU, String((user + system) / 1000))
  })
}
