import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** What a process does: see cycle-process.cjs. */
export interface Cycle {
  readonly entry: string
  readonly call: string
  readonly options: object
  readonly dir: string
  readonly cycles: number
}

export interface CycleProcess {
  readonly child: ChildProcess
  /** What it has printed: `begin`, values of instances, `done`. */
  readonly lines: () => readonly string[]
  /** Resolves when that many lines are there, or it has ended. */
  readonly printed: (count: number) => Promise<void>
  /** @returns the exit code, null if it was killed */
  readonly end: Promise<number | null>
  readonly errors: () => string
}

/** @param node the program that runs it */
export function startCycle(cycle: Cycle, node: string = process.execPath): CycleProcess {
  const child = spawn(node, [join(__dirname, 'cycle-process.cjs'), JSON.stringify(cycle)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const lines = (): string[] => output.split('\n').slice(0, -1)
  const end = once(child, 'close').then(([code]) => code as number | null)
  const more = (): Promise<boolean> =>
    Promise.race([once(child.stdout, 'data').then(() => true), end.then(() => false)])
  return {
    child,
    lines,
    errors: () => errors,
    end,
    printed: async (count) => {
      while (lines().length < count && (await more()));
    },
  }
}

/** How processes are killed. */
export interface Killing {
  readonly count: number
  /** How many run at once. @default 5 */
  readonly width?: number
  /** Whether none of them is given the time to make something first. @default false: every second one is */
  readonly isEarly?: boolean
  /** The program that runs them. */
  readonly node?: string
  /** Called every few processes, when none of them runs. */
  readonly between?: () => void
}

/**
 * Lets one process run to its end, and kills others at moments spread over the double of the time that it took, counted from
 * their beginning, or from the first thing that they have made: so no stage is left out, however busy the machine is.
 *
 * @returns how many of them had made something by then
 */
export async function killMany(
  cycle: Cycle,
  { count, width = 5, isEarly = false, node = process.execPath, between = () => undefined }: Killing,
): Promise<number> {
  const whole = startCycle(cycle, node)
  await whole.printed(1)
  const beganAt = performance.now()
  await whole.end
  const lastMs = 2 * (performance.now() - beganAt)
  let busy = 0
  for (let first = 0; first < count; first += width) {
    between()
    const some = Array.from({ length: Math.min(width, count - first) }, async (_, j) => {
      const number = first + j
      const { child, end, lines, printed } = startCycle({ ...cycle, cycles: 1_000_000 }, node)
      await printed(isEarly || number % 2 === 0 ? 1 : 2)
      await new Promise((resolve) => setTimeout(resolve, (lastMs * number) / count))
      child.kill('SIGKILL')
      await end
      if (lines().length > 1) busy += 1
    })
    await Promise.all(some)
  }
  return busy
}
