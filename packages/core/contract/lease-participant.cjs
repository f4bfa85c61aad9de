// What every process and thread of the lease tests is made of: it asks for leases and says in one shared log what it
// does. The log is written beside the engine and never read by it.
const fs = require('node:fs')
const { setImmediate: turn, setTimeout: sleep } = require('node:timers/promises')

/** Divides a page, so that no line can be torn by a kill between two pages. */
const LINE = 128

const { now } = Date
const { bigint: clock } = process.hrtime
const { writeSync } = fs

/** One write(2) per line, appended: the order of the lines is an order of the events. */
exports.openLog = (file) => {
  const fd = fs.openSync(file, 'a')
  return (event, actor, request = '-', wants = '-') => {
    const line = `${clock()} ${event} ${actor} ${request} ${wants}`
    if (line.length >= LINE) throw new Error(`Too long for the log: ${line}`)
    writeSync(fd, `${line.padEnd(LINE - 1)}\n`)
  }
}

/** `ledger:all:inf,pool:2:3` */
function describeWants(wants) {
  const list = Array.isArray(wants) ? wants : [wants]
  return list.map((want) => (typeof want === 'string' ? `${want}:all:inf` : describeOptions(want))).join(',')
}

function describeOptions({ name, mode, permits, limit }) {
  const isAlone = (mode ?? (permits === undefined && limit === undefined ? 'exclusive' : 'shared')) === 'exclusive'
  return `${name}:${isAlone ? 'all' : (permits ?? 1)}:${limit ?? 'inf'}`
}

/** Holds the event loop. */
function busy(ms) {
  const end = now() + ms
  while (now() < end);
}

/** Clock and timers as tests leave them: nothing ever fires, and it is 2050. @returns puts them back */
function breakClock() {
  const { setTimeout, setInterval, setImmediate, clearTimeout, queueMicrotask, Date, performance } = globalThis
  const { hrtime } = process
  const nothing = () => 0
  const in2050 = () => 2_524_608_000_000
  class FakeDate extends Date {}
  FakeDate.now = in2050
  Date.now = in2050
  const fakes = { setTimeout: nothing, setInterval: nothing, setImmediate: nothing, clearTimeout: nothing }
  Object.assign(globalThis, { ...fakes, queueMicrotask: nothing, Date: FakeDate, performance: { now: nothing } })
  process.hrtime = Object.assign(() => [0, 0], { bigint: () => 0n })
  return () => {
    Date.now = now
    process.hrtime = hrtime
    Object.assign(globalThis, {
      setTimeout,
      setInterval,
      setImmediate,
      clearTimeout,
      queueMicrotask,
      Date,
      performance,
    })
  }
}

/** @param core the package to use; by default the one that users get */
exports.participate = (logFile, actor, core = require('@heddle/core/leases')) => {
  const log = exports.openLog(logFile)
  const leases = core.threadLeases({ root: __dirname })
  let count = 0
  const note = (event, request, wants) => log(event, actor, request, wants)

  /** What happens between a request and its end; `take` gives a lease, or nothing if it was not its turn. */
  const record = async (wants, body, take) => {
    const request = `${actor}/${count++}`
    note('join', request, describeWants(wants))
    try {
      const lease = await take(request)
      if (lease === undefined) return note('skip', request)
      note('begin', request)
      await body?.(request)
      note('end', request)
      return await lease.release()
    } catch (error) {
      note(
        'failed',
        request,
        String(error.code ?? error.message)
          .slice(0, 40)
          .replaceAll(' ', '_'),
      )
      throw error
    }
  }

  return {
    leases,
    note,
    busy,
    sleep,
    turn,
    breakClock,
    /** Waits for its turn. One resource's place is taken before `acquire` returns its promise; several have no one place. */
    section: (wants, body, options) =>
      record(wants, body, (request) => {
        const lease = leases.acquire(wants, { timeoutMs: 120_000, label: { test: request }, ...options })
        if (!Array.isArray(wants)) note('placed', request)
        return lease
      }),
    trySection: (wants, body) =>
      record(wants, body, (request) => leases.tryAcquire(wants, { label: { test: request } })),
    /** Breaks the rule, to see whether the referee sees it. */
    intrude: (wants, body) => record(wants, body, async () => ({ release: async () => undefined })),
  }
}
