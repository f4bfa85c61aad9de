// A process with several threads that are participants of the chaos test; ends some of them and starts others.
const { existsSync } = require('node:fs')
const { join } = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')
const { Worker } = require('node:worker_threads')
const { openLog } = require('./lease-participant.cjs')
const { chance } = require('./lease-random.cjs')

const { threads, endEveryMs, ...common } = JSON.parse(process.argv[2])
const random = chance(common.seed)
const log = openLog(common.log)
const running = new Set()
let count = 0

function start() {
  const flag = new Int32Array(new SharedArrayBuffer(4))
  const actor = `${common.actor}.w${count++}`
  const workerData = { ...common, actor, seed: common.seed * 1000 + count, flag }
  const worker = new Worker(join(__dirname, 'lease-actor.cjs'), { workerData })
  const thread = { actor, worker, flag }
  running.add(thread)
  worker.on('exit', () => {
    running.delete(thread)
    if (!existsSync(common.stopFile)) start()
  })
}

async function run() {
  for (let i = 0; i < threads; i++) start()
  while (!existsSync(common.stopFile)) {
    await sleep(random() * 2 * endEveryMs)
    const inside = [...running].filter(({ flag }) => Atomics.load(flag, 0) === 1)
    const candidates = random() < 0.5 && inside.length > 0 ? inside : [...running]
    const victim = candidates[Math.floor(random() * candidates.length)]
    if (victim === undefined) continue
    log('kill', victim.actor)
    await victim.worker.terminate()
  }
}

void run()
