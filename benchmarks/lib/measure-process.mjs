import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN_PROCESS = fileURLToPath(new URL('main-process.cjs', import.meta.url))

/**
 * Runs a Node script in `cwd` and tells what it took, ms: wall time, processor time of the whole process tree (all
 * processes that were waited for, as bash's `time` counts them), processor time of the main process; and the memory of that
 * at its largest, KB.
 */
export function measureProcess(cwd, [script, ...args]) {
  const mainFile = join(cwd, 'main-process.txt')
  const log = join(cwd, 'output.txt')
  const command = [process.execPath, '--require', MAIN_PROCESS, script, ...args]
  const { status, stderr } = spawnSync(
    'bash',
    ['-c', 'log=$1; shift; TIMEFORMAT="%3R %3U %3S"; time "$@" >"$log" 2>&1', 'bash', log, ...command],
    { cwd, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C', BENCH_MAIN_PROCESS: mainFile } },
  )
  if (status !== 0) throw new Error(`${command.join(' ')} in ${cwd} failed:\n${readFileSync(log, 'utf8')}`)
  const [wall, user, system] = stderr.trim().split(' ').map(Number)
  const [main, memory] = readFileSync(mainFile, 'utf8').split(' ').map(Number)
  return { wall: wall * 1000, cpu: (user + system) * 1000, main, memory }
}
