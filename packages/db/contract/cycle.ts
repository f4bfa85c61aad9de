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
  /** Resolves when that many lines are there. */
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
  return {
    child,
    lines,
    errors: () => errors,
    end: once(child, 'close').then(([code]) => code as number | null),
    printed: async (count) => {
      while (lines().length < count && child.exitCode === null) await once(child.stdout, 'data')
    },
  }
}

/** How processes are killed. */
export interface Killing {
  readonly count: number
  /** The program that runs them. */
  readonly node?: string
  /** Called every few processes, when none of them runs. */
  readonly between?: () => void
}

/**
 * Lets one process run to its end, and kills others at moments spread over the double of the time that it took, so that no
 * stage is left out by chance, however busy the machine is.
 *
 * @returns how many of them had made something by then
 */
export async function killMany(
  cycle: Cycle,
  { count, node = process.execPath, between = () => undefined }: Killing,
): Promise<number> {
  const whole = startCycle(cycle, node)
  await whole.printed(1)
  const beganAt = performance.now()
  await whole.end
  const lastMs = 2 * (performance.now() - beganAt)
  let busy = 0
  for (let i = 0; i < count; i += 5) {
    between()
    const five = [0, 1, 2, 3, 4].map(async (j) => {
      const { child, end, lines, printed } = startCycle({ ...cycle, cycles: 1_000_000 }, node)
      await printed(1)
      await new Promise((resolve) => setTimeout(resolve, (lastMs * (i + j)) / count))
      child.kill('SIGKILL')
      await end
      if (lines().length > 1) busy += 1
    })
    await Promise.all(five)
  }
  return busy
}
