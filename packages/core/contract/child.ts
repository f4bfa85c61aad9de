import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** The package, where a child process resolves `@heddle/core` as its users do. */
const CWD = join(__dirname, '..')

/** Starts Node on a piece of CommonJS code that finds its input in `process.argv[1]`. */
export function start(code: string, input: unknown = null, env: NodeJS.ProcessEnv = process.env): ChildProcess {
  return spawn(process.execPath, ['-e', code, JSON.stringify(input)], {
    cwd: CWD,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** What a process prints until it ends well, as JSON. */
export async function resultOf(child: ChildProcess): Promise<unknown> {
  const exit = once(child, 'exit')
  const output = child.stdout === null ? '' : await text(child.stdout)
  const [code] = (await exit) as [number | null]
  if (code !== 0) throw new Error(`The process ended with ${code}: ${output}`)
  return JSON.parse(output) as unknown
}

/** Runs Node on a piece of ECMAScript module code. */
export function startModule(code: string): ChildProcess {
  return spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: CWD,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}
