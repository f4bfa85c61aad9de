import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The program as users run it. */
export const BIN = fileURLToPath(new URL('../dist/bin.js', import.meta.url))

/** The machine's environment without the one of this test run. */
export const ENV: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(HEDDLE_|VITEST|CI$|NO_COLOR$|FORCE_COLOR$|DEBUG$)/.test(name)),
)

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export function runBin(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return endOf(spawn(process.execPath, [BIN, ...args], { cwd, env: { ...ENV, ...env } }))
}

/** Runs a line of shell in which `heddle` is the program. */
export function runShell(cwd: string, line: string): Promise<Ended> {
  const script = `set -o pipefail; heddle() { "${process.execPath}" "${BIN}" "$@"; }; ${line}`
  return endOf(spawn('bash', ['-c', script], { cwd, env: ENV }))
}

export function endOf(child: ChildProcess): Promise<Ended> {
  const text = { out: '', err: '' }
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text.out += chunk))
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text.err += chunk))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...text }))
  })
}
