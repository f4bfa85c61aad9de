import { readFileSync } from 'node:fs'

/**
 * One line of the log that all participants of a lease test append to. `join`: about to ask; `placed`: its place in the queue is
 * final; `begin`: it is in; `end`: about to give back; `skip`: it was not its turn; `robbed`: somebody is about to delete its
 * ticket while it waits; `kill`, `stop`: the actor is about to be killed or stopped; `exit`: it ends itself.
 */
export interface LeaseEvent {
  readonly atMs: number
  readonly event: string
  readonly actor: string
  readonly request: string
  readonly wants: readonly Want[]
  /** Of what failed: the code of the error. */
  readonly reason?: string | undefined
}

interface Want {
  readonly name: string
  /** Infinity if it must be alone. */
  readonly permits: number
  readonly limit: number
}

/** What the log tells of one request, as indices of its lines. */
export interface LoggedRequest {
  readonly id: string
  readonly actor: string
  readonly wants: readonly Want[]
  readonly joined: number
  readonly placed: number
  readonly begun: number
  /** Before this line it surely was there, if it had come: with its permits if it had begun, with its place otherwise. */
  readonly gone: number
  readonly isKilled: boolean
  readonly isRobbed: boolean
  readonly failure: string | undefined
}

export function readLog(file: string): LeaseEvent[] {
  return readFileSync(file, 'utf8').trim().split('\n').map(parseLine)
}

function parseLine(line: string): LeaseEvent {
  const [at, event = '', actor = '', request = '', last = ''] = line.trim().split(' ')
  const isJoin = event === 'join'
  return { atMs: Number(at) / 1e6, event, actor, request, wants: isJoin ? parseWants(last) : [], reason: last }
}

function parseWants(text: string): Want[] {
  return text.split(',').map((want) => {
    const [name = '', permits, limit] = want.split(':')
    return {
      name,
      permits: permits === 'all' ? Infinity : Number(permits),
      limit: limit === 'inf' ? Infinity : Number(limit),
    }
  })
}

/** A kill of a process ends its threads: `h1` and `h1.w3`. */
export function processOf(actor: string): string {
  return actor.split('.')[0] ?? actor
}

export function requestsOf(events: readonly LeaseEvent[]): LoggedRequest[] {
  const lines = new Map<string, Map<string, number>>()
  for (const [i, { event, request }] of events.entries()) {
    if (request !== '-') lines.set(request, (lines.get(request) ?? new Map<string, number>()).set(event, i))
  }
  const ends = endsOf(events)
  return [...lines].flatMap(([id, at]) => {
    const join = events[at.get('join') ?? -1]
    return join === undefined ? [] : requestOf(id, join, at, ends(join.actor), events)
  })
}

/** @param at the lines of its events @param diedAt Infinity if its actor was not killed */
function requestOf(
  id: string,
  { actor, wants }: LeaseEvent,
  at: ReadonlyMap<string, number>,
  diedAt: number,
  events: readonly LeaseEvent[],
): LoggedRequest {
  const lineOf = (event: string): number => at.get(event) ?? Infinity
  const left = Math.min(lineOf('end'), lineOf('skip'), lineOf('failed'))
  return {
    id,
    actor,
    wants,
    joined: lineOf('join'),
    placed: lineOf('placed'),
    begun: lineOf('begin'),
    gone: left < Infinity ? left : diedAt,
    isKilled: left === Infinity && diedAt < Infinity,
    isRobbed: at.has('robbed'),
    failure: at.has('failed') ? (events[lineOf('failed')]?.reason ?? '') : undefined,
  }
}

/** Until when an actor surely lived: until its killer was about to strike, and as long as it wrote. */
function endsOf(events: readonly LeaseEvent[]): (actor: string) => number {
  const struck = new Map<string, number>()
  const wrote = new Map<string, number>()
  for (const [i, { event, actor }] of events.entries()) {
    // The first: a killer may strike again before it hears of the death.
    if ((event === 'kill' || event === 'exit') && !struck.has(actor)) struck.set(actor, i)
    if (event !== 'kill' && event !== 'stop' && event !== 'continue') wrote.set(actor, i)
  }
  return (actor) => {
    const struckAt = Math.min(struck.get(actor) ?? Infinity, struck.get(processOf(actor)) ?? Infinity)
    return Math.max(struckAt, wrote.get(actor) ?? 0)
  }
}

/**
 * Everything in the log that leases must not allow. Whatever it names has happened; what is uncertain (did it die just
 * before?) is not held against anyone.
 */
export function violationsOf(events: readonly LeaseEvent[]): string[] {
  const requests = requestsOf(events)
  const present = new Map<string, LoggedRequest[]>()
  const byLine = new Map(requests.flatMap((one) => [[one.joined, one] as const, [one.begun, one] as const]))
  const found: string[] = []
  for (const i of events.keys()) {
    const request = byLine.get(i)
    if (request === undefined) continue
    for (const want of request.wants) {
      const others = (present.get(want.name) ?? []).filter((other) => other.gone > i && other !== request)
      present.set(want.name, [...others, request])
      if (i === request.begun) found.push(...wrongsAt(request, want, others))
    }
  }
  return [...found, ...requests.flatMap(unfinished)]
}

/** @param others on the same resource, not gone when `request` began */
function wrongsAt(request: LoggedRequest, want: Want, others: readonly LoggedRequest[]): string[] {
  const inside = others.filter((other) => other.begun < request.begun)
  if (!fit(want, inside)) return [`overlap: ${request.id} began "${want.name}" beside ${idsOf(inside)}`]
  // Their places were final before it asked, so they are in as well, or it is not: whoever is let in together may begin in any order.
  const ahead = others.filter((other) => other.placed < request.joined && !other.isRobbed && !inside.includes(other))
  if (!fit(want, [...inside, ...ahead])) return [`order: ${request.id} began "${want.name}" before ${idsOf(ahead)}`]
  return []
}

function fit(want: Want, others: readonly LoggedRequest[]): boolean {
  const taken = others.map((other) => other.wants.find(({ name }) => name === want.name)?.permits ?? 0)
  if (taken.length === 0) return true
  const sum = [want.permits, ...taken].reduce((a, b) => a + b, 0)
  return sum < Infinity && sum <= want.limit
}

function unfinished({ id, gone, failure }: LoggedRequest): string[] {
  if (failure !== undefined) return [`failed: ${id} ${failure}`.trim()]
  return gone === Infinity ? [`unfinished: ${id}`] : []
}

function idsOf(requests: readonly LoggedRequest[]): string {
  return requests.map(({ id }) => id).join(', ')
}
