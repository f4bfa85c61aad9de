// One participant of the chaos test, in a process or a worker thread: random sections until the stop file appears.
const fs = require('node:fs')
const { join } = require('node:path')
const { isMainThread, workerData } = require('node:worker_threads')
const { participate } = require('./lease-participant.cjs')
const { chance } = require('./lease-random.cjs')

const { existsSync, readdirSync, readFileSync, unlinkSync } = fs
const { actor, seed, log, stopFile, queues, flag } = workerData ?? JSON.parse(process.argv[2])
const random = chance(seed)
const me = participate(log, actor)
const exit = process.exit.bind(process)

const pick = (list) => list[Math.floor(random() * list.length)]
const happens = (probability) => random() < probability
const NAMES = ['ledger', 'smtp', 'queue', 'cache']
const permits = () => 1 + Math.floor(random() * 3)

function randomWants() {
  const kind = random()
  if (kind < 0.5) return pick(NAMES)
  if (kind < 0.7) return { name: pick(NAMES), mode: 'shared' }
  if (kind < 0.85) return { name: 'pool', limit: 3, permits: permits() }
  if (kind < 0.9) return { name: 'pool', limit: 3, mode: 'exclusive' }
  return [pick(NAMES), { name: 'pool', limit: 3, permits: permits() }, { name: 'readers', mode: 'shared' }]
}

/** Alone with a resource, so that every other ticket of it belongs to somebody who waits: deletes one of them. */
function rob(name, own) {
  for (const dir of readdirSync(queues).filter((one) => one.startsWith(`${name}-`))) {
    const victim = pick(readdirSync(join(queues, dir)).filter((file) => /^\d+_/.test(file)))
    if (victim === undefined) continue
    try {
      const request = JSON.parse(readFileSync(join(queues, dir, victim), 'utf8')).test
      if (request === own || request === undefined) continue
      me.note('robbed', request)
      unlinkSync(join(queues, dir, victim))
    } catch {
      // It was just leaving, or just coming.
    }
  }
}

/** Tells the main thread, which ends threads, whether this one is inside. */
const tell = (isInside) => flag && Atomics.store(flag, 0, isInside)

async function body(wants, request) {
  tell(1)
  if (typeof wants === 'string' && happens(0.04)) rob(wants, request)
  if (happens(0.0015)) me.busy(50 + random() * 250)
  if (happens(0.0005)) {
    me.note('exit')
    exit(0)
  }
  if (happens(0.2)) await me.turn()
  if (happens(0.02)) await me.sleep(random() * 4)
  tell(0)
}

async function run() {
  let mend
  while (!existsSync(stopFile)) {
    if (happens(0.02)) {
      mend?.()
      mend = mend === undefined ? me.breakClock() : undefined
    }
    if (happens(0.001)) me.busy(50 + random() * 250)
    const wants = randomWants()
    if (happens(0.05)) await me.trySection(wants, (request) => body(wants, request))
    else await me.section(wants, (request) => body(wants, request))
    if (happens(0.2)) await me.turn()
  }
  mend?.()
}

/** Some ask for several things at once, as concurrent tests do. */
Promise.all(happens(0.3) ? [run(), run()] : [run()]).catch((error) => {
  process.stderr.write(`${actor}: ${error?.stack}\n`)
  exit(isMainThread ? 1 : 0)
})
