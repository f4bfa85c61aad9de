import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createScheduler } from './create-scheduler.js'
import type { Decision, SchedulerEvent, SchedulerJob, Start } from './scheduler.js'

const GROUPS = ['db', 'api', 'gpu']
/** More than can ever be taken, but all of it can be. */
const MANY = 1000

const anyGroups = fc
  .subarray(GROUPS, { maxLength: 2 })
  .chain((names) =>
    fc.tuple(
      ...names.map((group) =>
        fc.record({ group: fc.constant(group), mode: fc.constantFrom('shared' as const, 'exclusive' as const) }),
      ),
    ),
  )
const anyJob = fc.record({
  expectedMs: fc.integer({ min: 1, max: 2000 }),
  groups: anyGroups,
  weight: fc.oneof(
    { weight: 3, arbitrary: fc.constant(1) },
    fc.integer({ min: 1, max: 6 }),
    fc.constant('all' as const),
  ),
  priority: fc.constantFrom(0, 0, 0, 50, -50),
  rank: fc.constantFrom(0, 0, 1),
  batch: fc.constantFrom(undefined, 'x', 'y'),
})
const anyWorld = fc.record({
  workers: fc.integer({ min: 1, max: 4 }),
  limits: fc.tuple(...GROUPS.map(() => fc.constantFrom(1, 2, 3, Infinity))),
  leased: fc.subarray(GROUPS),
  jobs: fc.array(anyJob, { maxLength: 20 }),
  /** Which of the events that are possible comes next, and how much later. */
  choices: fc.array(fc.tuple(fc.nat(), fc.nat({ max: 900 })), { maxLength: 80 }),
})
type World = typeof anyWorld extends fc.Arbitrary<infer T> ? T : never
type State = 'new' | 'announced' | 'waiting' | 'running' | 'blocked' | 'granted' | 'over'

/** Knows the rules, and nothing of how the scheduler works. */
class Observer {
  readonly states: State[]
  readonly starts = new Map<string, Start>()
  readonly idle = new Map<number, string>()
  readonly closing = new Set<number>()
  readonly world: World
  readonly jobs: readonly SchedulerJob[]

  constructor(world: World) {
    this.world = world
    this.jobs = world.jobs.map((job, i) => ({ ...job, id: `${i}` }))
    this.states = this.jobs.map(() => 'new')
  }

  idsIn(...states: State[]): string[] {
    return this.jobs.map(({ id }) => id).filter((id) => states.includes(this.stateOf(id)))
  }

  stateOf(id: string): State {
    return this.states[Number(id)] ?? 'over'
  }

  permits(id: string, name: string): number {
    const { groups = [], weight = 1 } = this.jobs[Number(id)] ?? {}
    const member = groups.find(({ group }) => group === name)
    if (name !== 'workers' && member === undefined) return 0
    const limit = this.limit(name)
    if (weight === 'all' || member?.mode === 'exclusive') return limit
    return Math.min(weight, limit)
  }

  limit(name: string): number {
    return name === 'workers' ? this.world.workers : Math.min(MANY, this.world.limits[GROUPS.indexOf(name)] ?? 1)
  }

  /** What is taken: by what runs, and outside of it for what is blocked (to be) or has been granted. */
  taken(name: string): number {
    const holders = this.world.leased.includes(name) ? this.idsIn('running', 'granted') : this.idsIn('running')
    return holders.reduce((sum, id) => sum + this.permits(id, name), 0)
  }

  hasRoom(id: string): boolean {
    const isOwn = (name: string): boolean => this.stateOf(id) === 'granted' && this.world.leased.includes(name)
    return ['workers', ...GROUPS].every(
      (name) =>
        isOwn(name) || this.permits(id, name) === 0 || this.taken(name) + this.permits(id, name) <= this.limit(name),
    )
  }

  possible(): SchedulerEvent[] {
    const one = (type: 'blocked' | 'granted', ids: string[]): SchedulerEvent[] => ids.map((id) => ({ type, id }))
    const isLeased = (id: string): boolean => this.world.leased.some((name) => this.permits(id, name) > 0)
    return [
      ...this.idsIn('new')
        .slice(0, 3)
        .map((id) => ({ type: 'announced' as const, jobs: this.jobs.filter((job) => job.id === id) })),
      ...this.idsIn('announced').map((id) => ({ type: 'requested' as const, ids: [id] })),
      ...this.idsIn('running').flatMap((id) =>
        [true, false].map((keepsWorker) => ({ type: 'ended' as const, id, keepsWorker })),
      ),
      ...one('blocked', this.idsIn('running').filter(isLeased)),
      ...one('granted', this.idsIn('blocked')),
      ...this.idsIn('announced', 'waiting', 'blocked', 'granted')
        .map((id) => ({ type: 'withdrawn' as const, ids: [id] }))
        .slice(0, 2),
      ...Array.from(this.closing, (slot) => ({ type: 'closed' as const, slot })),
    ]
  }

  happened(event: SchedulerEvent): void {
    switch (event.type) {
      case 'announced':
        return event.jobs.forEach(({ id }) => this.#enter(id, 'announced'))
      case 'requested':
        return event.ids.forEach((id) => this.#enter(id, 'waiting'))
      case 'withdrawn':
        return event.ids.forEach((id) => this.#enter(id, 'over'))
      case 'ended':
        if (event.keepsWorker && this.jobs[Number(event.id)]?.batch !== undefined) this.#keep(event.id)
        return this.#enter(event.id, 'over')
      case 'blocked':
        this.#restore(event.id)
        return this.#enter(event.id, 'blocked')
      case 'granted':
        return this.#enter(event.id, 'granted')
      case 'closed':
        this.idle.delete(event.slot)
        this.closing.delete(event.slot)
    }
  }

  decided({ starts, closes }: Decision): void {
    for (const start of starts) this.#started(start)
    for (const slot of closes) {
      expect(this.idle.has(slot) && !this.closing.has(slot)).toBe(true)
      expect(this.#batchesLeft()).not.toContain(this.idle.get(slot))
      this.closing.add(slot)
    }
    // Nothing is left idle that nobody needs.
    for (const [slot, batch] of this.idle) if (!this.closing.has(slot)) expect(this.#batchesLeft()).toContain(batch)
    this.#checkProgress()
  }

  #started(start: Start): void {
    const { id, slot, worker, groupSlots } = start
    expect(['waiting', 'granted']).toContain(this.stateOf(id))
    if (this.stateOf(id) === 'waiting') this.#checkBlockers(id)
    expect(this.hasRoom(id)).toBe(true)
    const running = this.idsIn('running').map((other) => this.starts.get(other))
    const { batch } = this.jobs[Number(id)] ?? {}
    expect(running.map((other) => other?.slot)).not.toContain(slot)
    expect(slot).toBeLessThanOrEqual(this.world.workers)
    if (worker === 'kept') expect([this.idle.get(slot), this.closing.has(slot)]).toEqual([batch, false])
    if (worker === 'replacing')
      expect([this.idle.has(slot), this.idle.size + running.length]).toEqual([true, this.world.workers])
    if (worker === 'new') {
      const live = new Set([...this.idle.keys(), ...running.map((other) => other?.slot)])
      expect(slot).toBe([1, 2, 3, 4].find((number) => !live.has(number)))
    }
    for (const [name, number] of Object.entries(groupSlots)) {
      const others = new Set(running.map((other) => other?.groupSlots[name]))
      expect(number).toBe([1, 2, 3, 4, 5].find((free) => !others.has(free)))
    }
    expect(Object.keys(groupSlots)).toHaveLength(this.jobs[Number(id)]?.groups?.length ?? 0)
    this.before.set(
      id,
      this.idle.has(slot) ? { batch: this.idle.get(slot) ?? '', isClosing: this.closing.has(slot) } : undefined,
    )
    this.idle.delete(slot)
    this.closing.delete(slot)
    this.starts.set(id, start)
    this.#enter(id, 'running')
  }

  /** Who waits for a leased group of a blocked job waits until that has been granted. */
  #checkBlockers(id: string): void {
    for (const name of this.world.leased) {
      if (this.permits(id, name) === 0) continue
      expect(this.idsIn('blocked').filter((other) => this.permits(other, name) > 0)).toEqual([])
    }
  }

  /** Nothing that could start stays back but for the sake of something that waits for permits it would take. */
  #checkProgress(): void {
    const granted = this.idsIn('granted')
    expect(granted.filter((id) => this.hasRoom(id))).toEqual([])
    const held = new Set(
      this.world.leased.filter((name) => this.idsIn('blocked').some((id) => this.permits(id, name) > 0)),
    )
    const waiting = this.idsIn('waiting').filter((id) => ![...held].some((name) => this.permits(id, name) > 0))
    if (granted.length > 0) return
    const startable = waiting.filter((id) => this.hasRoom(id))
    if (startable.length > 0) {
      const stuck = waiting.filter((id) => !this.hasRoom(id))
      expect(this.idsIn('running').length).toBeGreaterThan(0)
      expect(stuck.length).toBeGreaterThan(0)
      // Where nobody needs more than one permit and one group, nothing is ever reserved.
      const isPlain = (id: string): boolean =>
        ['workers', ...GROUPS].every((name) => this.permits(id, name) <= 1) &&
        this.jobs[Number(id)]?.groups?.length !== 2
      expect(waiting.every(isPlain)).toBe(false)
    }
  }

  readonly before = new Map<string, { batch: string; isClosing: boolean } | undefined>()

  #keep(id: string): void {
    const slot = this.starts.get(id)?.slot ?? 0
    this.idle.set(slot, this.jobs[Number(id)]?.batch ?? '')
  }

  #restore(id: string): void {
    const before = this.before.get(id)
    const slot = this.starts.get(id)?.slot ?? 0
    if (before === undefined) return
    this.idle.set(slot, before.batch)
    if (before.isClosing) this.closing.add(slot)
  }

  #batchesLeft(): (string | undefined)[] {
    return this.idsIn('announced', 'waiting', 'blocked', 'granted').map((id) => this.jobs[Number(id)]?.batch)
  }

  #enter(id: string, state: State): void {
    this.states[Number(id)] = state
  }
}

function observe(world: World): void {
  const observer = new Observer(world)
  const limits = new Map(GROUPS.map((name, i) => [name, world.limits[i] ?? 1]))
  const scheduler = createScheduler({ ...world, limits, leased: new Set(world.leased) })
  let nowMs = 0
  const apply = (event: SchedulerEvent): void => {
    observer.happened(event)
    observer.decided(scheduler.next(event, nowMs))
  }
  for (const [choice, laterMs] of world.choices) {
    const possible = observer.possible()
    const event = possible[choice % Math.max(1, possible.length)]
    if (event === undefined) break
    nowMs += laterMs
    apply(event)
  }
  nowMs = Math.ceil(nowMs / 100) * 100
  // From here on everything comes to its end, and so must every job.
  apply({ type: 'announced', jobs: observer.jobs.filter(({ id }) => observer.stateOf(id) === 'new') })
  apply({ type: 'requested', ids: observer.idsIn('announced') })
  for (;;) {
    const [blocked] = observer.idsIn('blocked')
    const running = observer.idsIn('running').at((nowMs / 100) % 2 === 0 ? 0 : -1)
    nowMs += 100
    if (blocked !== undefined) apply({ type: 'granted', id: blocked })
    else if (running !== undefined) apply({ type: 'ended', id: running, keepsWorker: nowMs % 300 === 0 })
    else break
  }
  expect(observer.idsIn('new', 'announced', 'waiting', 'running', 'blocked', 'granted')).toEqual([])
}

test('an observer who knows only the rules never sees one broken, and every job start once', () => {
  fc.assert(fc.property(anyWorld, observe), { numRuns: 200 })
}, 60_000)

test('the same events at the same times give the same decisions', () => {
  fc.assert(
    fc.property(anyWorld, ({ workers, jobs }) => {
      const play = (): Decision[] => {
        const scheduler = createScheduler({ workers, limits: new Map() })
        // Many are equal, so that chance would have a say.
        const named = jobs.map((job, i) => ({ ...job, expectedMs: 1 + (job.expectedMs % 3), id: `${i}` }))
        const ids = named.map(({ id }) => id)
        const decisions = [
          scheduler.next({ type: 'announced', jobs: named }, 0),
          scheduler.next({ type: 'requested', ids }, 0),
        ]
        for (let i = 0; i < decisions.length; i++) {
          for (const { id } of decisions[i]?.starts ?? []) {
            decisions.push(scheduler.next({ type: 'ended', id, keepsWorker: i % 2 === 0 }, i * 50))
          }
        }
        return decisions
      }
      expect(play()).toEqual(play())
    }),
  )
})
