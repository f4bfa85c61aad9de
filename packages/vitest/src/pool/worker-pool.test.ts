import { EventEmitter } from 'node:events'
import type { Admission } from '@heddle/core'
import { expect, test } from 'vitest'
import type { TestProject } from 'vitest/node'
import type { Gate, HandedOut } from './gate.js'
import type { PoolOptions, PoolWorker, WorkerRequest } from './host.js'
import { WorkerPool } from './worker-pool.js'

test('a file has no process before its turn, and Vitest is told that it has started', async () => {
  const scene = new Scene()
  const file = scene.handOut('a')
  expect(file.heard('started')).toBe(true)
  expect(scene.processes).toHaveLength(0)
  await scene.admit('a', 2)
  expect(scene.processes[0]?.requests).toMatchObject([{ type: 'start', poolId: 2 }, { type: 'run' }])
  expect(scene.processes[0]?.env).toMatchObject({ SLOT: '2' })
})

test('a slot is free only when the process has gone', async () => {
  const scene = new Scene()
  const file = scene.handOut('a')
  await scene.admit('a', 1)
  scene.processes[0]?.say('testfileFinished')
  file.worker.send(request('stop'))
  expect(file.heard('stopped')).toBe(true)
  expect(scene.ended).toEqual([])
  await file.worker.stop()
  expect(scene.ended).toEqual(['a'])
})

test('a worker that is not isolated goes on to a file of its kind, as long as one waits', async () => {
  const scene = new Scene({ isolate: false })
  const a = scene.handOut('a')
  const b = scene.handOut('b')
  await scene.admit('a', 1)
  scene.processes[0]?.say('testfileFinished')
  expect(scene.ended).toEqual(['a, worker stays'])
  // Vitest is done with the first one, the process is not.
  a.worker.send(request('stop'))
  expect(a.heard('stopped')).toBe(true)
  await a.worker.stop()
  await scene.admit('b', 1)
  expect(scene.processes).toHaveLength(1)
  expect(scene.processes[0]?.requests.map(({ type }) => type)).toEqual(['start', 'run', 'run'])
  scene.processes[0]?.say('testfileFinished')
  expect(scene.ended).toEqual(['a, worker stays'])
  await b.worker.stop()
  expect(scene.ended).toEqual(['a, worker stays', 'b'])
})

test('a worker that Vitest itself lets go on gives its slot back before the next file asks for one', async () => {
  const scene = new Scene({ isolate: false })
  const file = scene.handOut('a')
  await scene.admit('a', 1)
  scene.processes[0]?.say('testfileFinished')
  // Nobody waited, so Vitest has it, and gives it the next file.
  expect(scene.ended).toEqual([])
  scene.goOn(file, 'b')
  expect(scene.ended).toEqual(['a, worker stays'])
  await scene.admit('b', 1)
  expect(scene.processes).toHaveLength(1)
  expect(scene.processes[0]?.requests.map(({ type }) => type)).toEqual(['start', 'run', 'run'])
})

test('a worker of another kind is gone before the next one starts in its slot', async () => {
  const scene = new Scene({ isolate: false })
  scene.handOut('a')
  scene.handOut('b')
  scene.handOut('c', 'jsdom')
  await scene.admit('a', 1)
  scene.processes[0]?.say('testfileFinished')
  await scene.admit('c', 1)
  expect(scene.lives).toEqual(['start 1', 'exit 1', 'start 2'])
  expect(scene.processes[0]?.requests.at(-1)).toMatchObject({ type: 'stop' })
})

test('a kept worker that nobody needs any more is closed, and what it says meanwhile is heard', async () => {
  const scene = new Scene({ isolate: false })
  scene.handOut('a')
  const b = scene.handOut('b')
  await scene.admit('a', 1)
  scene.processes[0]?.say('testfileFinished')
  await scene.admit('b', 2)
  scene.processes[0]?.emit('message', { m: 'onUserConsoleLog' })
  expect(b.messages).toContainEqual({ m: 'onUserConsoleLog' })
  scene.pool.closeKept(1)
  await settled()
  expect(scene.closed).toEqual([1])
  expect(scene.processes[0]?.isGone).toBe(true)
})

test('what Vitest answers to a kept worker reaches it', async () => {
  const scene = new Scene({ isolate: false })
  scene.handOut('a')
  const b = scene.handOut('b')
  await scene.admit('a', 1)
  scene.processes[0]?.say('testfileFinished')
  scene.processes[0]?.emit('message', { m: 'fetch', i: 'x' })
  b.worker.send({ t: 's', i: 'x' } as unknown as WorkerRequest)
  expect(scene.processes[0]?.requests).toContainEqual({ t: 's', i: 'x' })
})

test('a process that dies is reported, and its admission ends', async () => {
  const scene = new Scene()
  const file = scene.handOut('a')
  await scene.admit('a', 1)
  scene.processes[0]?.exit(null, 'SIGKILL')
  await settled()
  expect(file.exits).toEqual([[null, 'SIGKILL']])
  expect(scene.ended).toEqual(['a'])
  // A host's own method would wait for ever.
  await file.worker.stop()
})

test('a process that dies while it starts fails its file', async () => {
  const scene = new Scene({ diesAtStart: true })
  const file = scene.handOut('a')
  await scene.admit('a', 1)
  await settled()
  expect(String(file.errors[0])).toMatch(/Failed to start forks worker for test files a/)
  expect(scene.ended).toEqual(['a'])
})

test('cancelled files that wait are over, those that run are not touched', async () => {
  const scene = new Scene()
  scene.handOut('a')
  const b = scene.handOut('b')
  await scene.admit('a', 1)
  scene.pool.cancel()
  expect(b.heard('testfileFinished')).toBe(true)
  expect(scene.cancelled).toEqual(['b'])
  expect(scene.withdrawn).toEqual(['b'])
  expect(scene.processes[0]?.requests.map(({ type }) => type)).toEqual(['start', 'run'])
})

test('a file that Vitest asks for after it has cancelled the run does not start', async () => {
  const scene = new Scene()
  scene.vitest.isCancelling = true
  const file = scene.handOut('a')
  expect(file.heard('testfileFinished')).toBe(true)
  expect(scene.cancelled).toEqual(['a'])
  expect(scene.asked).toEqual([])
})

test('a worker that cannot be made fails its file, and its admission ends', async () => {
  const scene = new Scene()
  const file = scene.handOut('a')
  scene.makesNone = true
  await scene.admit('a', 1)
  expect(String(file.errors[0])).toMatch(/Failed to start forks worker for test files a/)
  expect(scene.ended).toEqual(['a'])
})

test('what a kept worker asks is not asked in the name of a file whose own has died', async () => {
  const scene = new Scene({ isolate: false })
  const dead = scene.handOut('a')
  scene.handOut('b')
  const c = scene.handOut('c')
  await scene.admit('a', 1)
  await scene.admit('b', 2)
  scene.processes[0]?.exit(null, 'SIGKILL')
  scene.processes[1]?.say('testfileFinished')
  scene.processes[1]?.emit('message', { m: 'fetch', i: 'x' })
  expect(dead.messages).not.toContainEqual({ m: 'fetch', i: 'x' })
  expect(c.messages).toContainEqual({ m: 'fetch', i: 'x' })
})

test('a kept worker that cannot be ended is an error of the run, not of its process', async () => {
  const scene = new Scene({ isolate: false })
  scene.handOut('a')
  scene.handOut('b')
  await scene.admit('a', 1)
  scene.processes[0]?.say('testfileFinished')
  Object.assign(scene.processes[0] ?? {}, { stop: async () => Promise.reject(new Error('no permission')) })
  scene.pool.closeKept(1)
  await settled()
  expect(scene.errors).toEqual([new Error('no permission')])
  expect(scene.closed).toEqual([1])
})

test('what the gate refuses is an error of the run, not a silence', async () => {
  const scene = new Scene()
  const file = scene.handOut('a')
  scene.refuse('a', new Error('no lock directory'))
  await settled()
  expect(file.messages.at(-1)).toMatchObject({ type: 'testfileFinished', error: new Error('no lock directory') })
})

interface Kind {
  readonly isolate?: boolean
  readonly diesAtStart?: boolean
}

/** A pool between a Vitest and a gate that are played by the test. */
class Scene {
  /** That have been started. */
  readonly processes: FakeProcess[] = []
  readonly lives: string[] = []
  readonly ended: string[] = []
  readonly withdrawn: string[] = []
  readonly cancelled: string[] = []
  readonly closed: number[] = []
  /** Of the run. */
  readonly errors: unknown[] = []
  readonly vitest: { isCancelling: boolean; readonly state: object }
  /** Whether no worker can be made from now on. */
  makesNone = false
  readonly pool: WorkerPool
  readonly #project: TestProject
  readonly #asked = new Map<string, { resolve: (admission: Admission) => void; reject: (error: unknown) => void }>()

  constructor({ isolate = true, diesAtStart = false }: Kind = {}) {
    const cancelFiles = (files: { filepath: string }[]): unknown =>
      this.cancelled.push(...files.map(({ filepath }) => filepath))
    const catchError = (error: unknown): unknown => this.errors.push(error)
    this.vitest = { isCancelling: false, state: { cancelFiles, catchError } }
    this.#project = { config: { isolate }, vitest: this.vitest } as unknown as TestProject
    this.pool = new WorkerPool(this.#createGate(), (_, { env }) => {
      if (this.makesNone) throw new Error('no such worker')
      return new FakeProcess(this, env, diesAtStart)
    })
  }

  /** What the gate was asked for. */
  get asked(): string[] {
    return [...this.#asked.keys()]
  }

  handOut(name: string, environment = 'node'): FakeRunner {
    const options = { project: this.#project, environment: { name: environment }, env: {} } as unknown as PoolOptions
    const worker = this.pool.createWorker('forks', 'forks (heddle)', options)
    const file = new FakeRunner(worker)
    worker.send(request('start'))
    this.goOn(file, name)
    return file
  }

  /** The file is the next one for its worker. */
  goOn({ worker }: FakeRunner, name: string): void {
    worker.send({ ...request('run'), context: { files: [{ filepath: name }] } } as unknown as WorkerRequest)
  }

  async admit(name: string, slot: number): Promise<void> {
    let ending: Promise<void> | undefined
    const end: Admission['end'] = ({ keepsWorker = false } = {}) => {
      if (ending === undefined) this.ended.push(keepsWorker ? `${name}, worker stays` : name)
      return (ending ??= Promise.resolve())
    }
    this.#asked.get(name)?.resolve({ id: name, slot, worker: 'new', groupSlots: {}, end })
    await settled()
  }

  refuse(name: string, error: unknown): void {
    this.#asked.get(name)?.reject(error)
  }

  #createGate(): Gate {
    return {
      admit: async (file) => new Promise((resolve, reject) => this.#asked.set(nameOf(file), { resolve, reject })),
      withdraw: (file) => this.withdrawn.push(nameOf(file)),
      closed: (slot) => this.closed.push(slot),
      environmentOf: ({ slot }) => ({ SLOT: String(slot) }),
      equip: (file) => file.request,
    }
  }
}

/** What Vitest puts around a worker. */
class FakeRunner {
  readonly messages: unknown[] = []
  readonly exits: unknown[][] = []
  readonly errors: unknown[] = []
  readonly worker: PoolWorker

  constructor(worker: PoolWorker) {
    this.worker = worker
    worker.on('message', (message: unknown) => this.messages.push(message))
    worker.on('error', (error: unknown) => this.errors.push(error))
    worker.on('exit', (...how: unknown[]) => this.exits.push(how))
  }

  heard(type: string): boolean {
    return this.messages.some((message) => (message as { readonly type?: string }).type === type)
  }
}

/** A worker of Vitest's that answers at once, and runs a file until it is told what to say. */
class FakeProcess extends EventEmitter implements PoolWorker {
  readonly name = 'forks'
  readonly requests: WorkerRequest[] = []
  readonly env: object
  isGone = false
  readonly #scene: Scene
  readonly #diesAtStart: boolean
  #number = 0

  constructor(scene: Scene, env: object, diesAtStart: boolean) {
    super()
    this.#scene = scene
    this.env = env
    this.#diesAtStart = diesAtStart
  }

  async start(): Promise<void> {
    this.#number = this.#scene.processes.push(this)
    this.#scene.lives.push(`start ${this.#number}`)
  }

  async stop(): Promise<void> {
    // As the host's own, which waits for an event that has been.
    if (this.isGone) await new Promise(() => undefined)
    this.exit(0, null)
  }

  send(message: WorkerRequest): void {
    this.requests.push(message)
    if (message.type === 'start' && this.#diesAtStart) this.exit(1, null)
    else if (message.type === 'start') this.say('started')
    else if (message.type === 'stop') this.say('stopped')
  }

  say(type: string): void {
    this.emit('message', { type, __vitest_worker_response__: true })
  }

  exit(...how: unknown[]): void {
    this.isGone = true
    this.#scene.lives.push(`exit ${this.#number}`)
    this.emit('exit', ...how)
  }

  deserialize(message: unknown): unknown {
    return message
  }
}

function request(type: 'start' | 'run' | 'stop'): WorkerRequest {
  return { type, __vitest_worker_request__: true, poolId: 99, context: {} } as unknown as WorkerRequest
}

function nameOf({ request: run }: HandedOut): string {
  return run.context.files[0]?.filepath ?? ''
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
