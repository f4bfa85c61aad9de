import { processOf, requestsOf, type LeaseEvent, type LoggedRequest } from './lease-referee.js'

/** What happened in a log, in numbers; times are ms. */
export interface LeaseSummary {
  readonly acquisitions: number
  readonly participants: number
  readonly killed: number
  readonly terminated: number
  readonly stopped: number
  readonly exited: number
  readonly robbed: number
  /** From the end of the one before to the begin of the next. */
  readonly handOff: Spread
  /** From the death of the one before to the begin of the next. */
  readonly recovery: Spread
}

interface Spread {
  readonly count: number
  readonly medianMs: number
  readonly p99Ms: number
  readonly maxMs: number
}

export function summaryOf(events: readonly LeaseEvent[]): LeaseSummary {
  const count = (wanted: string): number => events.filter(({ event }) => event === wanted).length
  const kills = events.filter(({ event }) => event === 'kill')
  const requests = requestsOf(events)
  const gaps = gapsOf(events, requests)
  return {
    acquisitions: count('begin'),
    participants: new Set(requests.map(({ actor }) => actor)).size,
    killed: kills.filter(({ actor }) => !actor.includes('.')).length,
    terminated: kills.filter(({ actor }) => actor.includes('.')).length,
    stopped: count('stop'),
    exited: count('exit'),
    robbed: count('robbed'),
    handOff: spreadOf(gaps.filter(({ isDeath }) => !isDeath).map(({ ms }) => ms)),
    recovery: spreadOf(gaps.filter(({ isDeath }) => isDeath).map(({ ms }) => ms)),
  }
}

interface Gap {
  readonly ms: number
  readonly isDeath: boolean
}

/** Only of waiters whose process was not stopped in between. */
function gapsOf(events: readonly LeaseEvent[], requests: readonly LoggedRequest[]): Gap[] {
  const begins = new Map(requests.map((one) => [one.begun, one]))
  const leaving = groupByGone(requests)
  const left = new Map<string, LoggedRequest[]>()
  const stopped = new Map<string, number>()
  const gaps: Gap[] = []
  for (const [i, { event, actor, atMs }] of events.entries()) {
    if (event === 'stop' || event === 'continue') stopped.set(actor, i)
    const blocker = blockerOf(begins.get(i), left)
    const stoppedAt = stopped.get(processOf(actor)) ?? -1
    if (blocker !== undefined && stoppedAt < blocker.gone)
      gaps.push({ ms: atMs - Number(events[blocker.gone]?.atMs), isDeath: blocker.isKilled })
    for (const one of leaving.get(i) ?? []) remember(left, one)
  }
  return gaps
}

function groupByGone(requests: readonly LoggedRequest[]): ReadonlyMap<number, LoggedRequest[]> {
  const groups = new Map<number, LoggedRequest[]>()
  for (const one of requests) groups.set(one.gone, [...(groups.get(one.gone) ?? []), one])
  return groups
}

/** The newest first. */
function remember(left: Map<string, LoggedRequest[]>, one: LoggedRequest): void {
  for (const { name } of one.wants) left.set(name, [one, ...(left.get(name) ?? []).slice(0, 63)])
}

/** Who left last of those ahead of it. */
function blockerOf(
  waiter: LoggedRequest | undefined,
  left: ReadonlyMap<string, LoggedRequest[]>,
): LoggedRequest | undefined {
  const [want, another] = waiter?.wants ?? []
  if (waiter === undefined || want === undefined || another !== undefined) return undefined
  return left.get(want.name)?.find((one) => one.gone > waiter.placed && one.placed < waiter.joined)
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number => Number((sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(2))
  return { count: sorted.length, medianMs: at(0.5), p99Ms: at(0.99), maxMs: at(1) }
}
