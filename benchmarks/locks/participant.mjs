// node participant.mjs <kind> <directory> <part> [numbers…]: one process at a lock. It says "ready", begins when it is told
// to on standard input, and prints what it has seen as a line of JSON; times in ns of the machine's monotonic clock.
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { openLock } from './kinds.mjs'

const [kind, dir, part, ...numbers] = isMainThread ? process.argv.slice(2) : workerData
const now = () => Number(process.hrtime.bigint())

/** Takes and gives `count` times with nobody else there. @returns how long each took, without the first ones */
async function alone(take, count) {
  const warmUp = Math.ceil(count / 10)
  const spans = []
  for (let i = 0; i < warmUp + count; i++) {
    const start = now()
    const give = await take()
    await give()
    if (i >= warmUp) spans.push(now() - start)
  }
  return spans
}

/** Takes, holds, gives and pauses `count` times. @returns when it asked, had asked, was in, and let go */
async function rounds(take, count, holdMs, pauseMs) {
  const sections = []
  for (let i = 0; i < count; i++) {
    const asked = now()
    const taking = take()
    const placed = now()
    const give = await taking
    const begin = now()
    if (holdMs > 0) await sleep(holdMs)
    const end = now()
    await give()
    sections.push([asked, placed, begin, end])
    if (pauseMs > 0) await sleep(pauseMs)
  }
  return sections
}

/** Waits once. @returns when it was in, and the processor time since it has begun to wait, us */
async function wait(take) {
  const taking = take()
  const before = process.cpuUsage()
  const give = await taking
  const begin = now()
  const { user, system } = process.cpuUsage(before)
  await give()
  return { begin, cpu: user + system }
}

/** Holds until it is told how to end. @returns when that was, if it still can */
async function hold(take) {
  const give = await take()
  print('held')
  const order = await line()
  const at = now()
  if (order === 'exit') {
    print(at)
    process.exit()
  }
  await give()
  return at
}

/** Holds in a worker thread, until that is terminated. */
async function holdInThread() {
  const worker = new Worker(new URL(import.meta.url), { workerData: [kind, dir] })
  // It prints that it holds.
  await once(worker, 'online')
  await line()
  const at = now()
  void worker.terminate()
  return at
}

function print(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

function line() {
  return new Promise((resolve) => {
    process.stdin.once('data', (data) => resolve(data.toString().trim()))
  })
}

const PARTS = { alone, rounds, wait, hold, 'hold-in-thread': holdInThread }

if (isMainThread) {
  const take = await openLock(kind, dir)
  print('ready')
  await line()
  print(await PARTS[part](take, ...numbers.map(Number)))
  process.stdin.destroy()
} else {
  const take = await openLock(kind, dir)
  await take()
  print('held')
  // Without something to do the thread would end by itself.
  setInterval(() => {}, 1000)
}
