// Loaded into a host with --require: notes processor time and memory of its main process, where heddle decides.
const { writeFileSync } = require('node:fs')
const { isMainThread } = require('node:worker_threads')

if (isMainThread && process.send === undefined) {
  process.on('exit', () => {
    const { user, system } = process.cpuUsage()
    writeFileSync(process.env.BENCH_MAIN_PROCESS, `${(user + system) / 1000} ${process.resourceUsage().maxRSS}`)
  })
}
