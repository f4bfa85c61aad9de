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
  /** What it has printed: values of instances, then `done`. */
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

/** Kills processes at moments that differ, all through what they do. */
export async function killManyAtRandom(
  cycle: Cycle,
  { count, lastMs }: { count: number; lastMs: number },
): Promise<void> {
  for (let i = 0; i < count; i += 5) {
    await Promise.all(
      [0, 1, 2, 3, 4].map(async (j) => {
        const { child, end, lines } = startCycle({ ...cycle, cycles: 1_000_000 }, node)
        // Spread evenly, so that no stage is left out by chance.
        await new Promise((resolve) => setTimeout(resolve, (lastMs * (i + j)) / count))
        child.kill('SIGKILL')
        await end
        if (lines().length > 0) busy += 1
      }),
    )
  }
  return busy
}
