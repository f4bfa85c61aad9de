import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { endAll, runTogether, startProcess } from './processes.mjs'
import { analyseSections, handOffs } from './sections.mjs'

/** Enough for a process that was told to wait to be waiting, ms. */
const SETTLE_MS = 100

/** What the processor costs of waiting are taken from. */
export const WAITERS = 8
export const WAIT_MS = 3000

/** Each measurement has a lock of its own. */
export function createMeasure(directory, command) {
  const inNewDir = (part) => {
    const dir = mkdtempSync(join(directory, 'lock-'))
    return (...numbers) => command(dir, [part, ...numbers])
  }

  /** Take and give with nobody else there, ns. */
  const alone = async (count) => (await runTogether([inNewDir('alone')(count)]))[0]

  /** Every process asks again at once, or after a pause. */
  const queue = async (processes, { count, holdMs, pauseMs }) => {
    const one = inNewDir('rounds')(count, holdMs, pauseMs)
    return analyseSections(await runTogether(Array.from({ length: processes }, () => one)))
  }

  /** A holder and so many waiters behind it; whoever has held comes again when the next one is in. */
  const handOff = async (waiters, count, holdMs = 3) => {
    const analysed = await queue(waiters + 1, { count, holdMs, pauseMs: 2 })
    return { ...analysed, spans: handOffs(analysed.sections, waiters) }
  }

  /** Processor time of waiters as a share of one core each. */
  const waiting = async () => {
    const dir = mkdtempSync(join(directory, 'lock-'))
    const holder = await startHolder(command(dir, ['hold']))
    const waiters = await Promise.all(Array.from({ length: WAITERS }, () => startProcess(command(dir, ['wait']))))
    try {
      for (const { say } of waiters) say('go')
      await sleep(WAIT_MS)
      holder.say('give')
      const seen = await Promise.all(waiters.map(({ hear }) => hear()))
      return seen.map(({ cpu }) => cpu / 1000 / WAIT_MS)
    } finally {
      await endAll([holder, ...waiters])
    }
  }

  /** From the end of a holder to the next one's begin, ns. */
  const recovery = async (way, repeats) => {
    const spans = []
    for (let i = 0; i < repeats; i++) {
      const dir = mkdtempSync(join(directory, 'lock-'))
      const part = way === 'terminate()' ? 'hold-in-thread' : 'hold'
      const [holder, waiter] = await Promise.all([
        startHolder(command(dir, [part])),
        startProcess(command(dir, ['wait'])),
      ])
      try {
        waiter.say('go')
        await sleep(SETTLE_MS)
        const at = await ENDINGS[way](holder)
        spans.push((await waiter.hear()).begin - at)
      } finally {
        await endAll([holder, waiter])
      }
    }
    return spans
  }

  return { alone, queue, handOff, waiting, recovery }
}

async function startHolder(command) {
  const holder = await startProcess(command)
  holder.say('go')
  await holder.hear()
  return holder
}

/** How a holder ends; @returns when, ns */
const ENDINGS = {
  SIGKILL: async ({ kill }) => {
    const at = Number(process.hrtime.bigint())
    kill()
    return at
  },
  'process.exit': ({ say, hear }) => {
    say('exit')
    return hear()
  },
  'terminate()': ({ say, hear }) => {
    say('terminate')
    return hear()
  },
}

export const WAYS_TO_END = Object.keys(ENDINGS)
