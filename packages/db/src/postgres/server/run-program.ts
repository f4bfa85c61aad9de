import { spawn } from 'node:child_process'

/** How a program is run that must not be root. */
export interface ProgramUser {
  readonly uid: number
  readonly gid: number
}

export interface ProgramOptions {
  readonly env: Readonly<NodeJS.ProcessEnv>
  /** @default the user of this process */
  readonly user?: ProgramUser | undefined
}

export interface ProgramResult {
  /** 0 if all went well; undefined if it could not be started. */
  readonly code: number | undefined
  /** What it said, or why it could not be started. */
  readonly output: string
  /** `ENOENT`, `EACCES`, …: why it could not be started. */
  readonly failure?: string | undefined
}

/** Runs a program to its end. Never throws. */
export function runProgram(file: string, args: readonly string[], options: ProgramOptions): Promise<ProgramResult> {
  return new Promise((resolve) => {
    let output = ''
    // Where the run was started may be closed to that user.
    const child = spawn(file, args, { ...spawnOptionsOf(options), cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', (chunk: Buffer) => (output += String(chunk)))
    child.stderr.on('data', (chunk: Buffer) => (output += String(chunk)))
    child.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ code: undefined, output: error.message, failure: error.code }),
    )
    child.on('close', (code, signal) =>
      resolve({ code: code ?? 1, output: signal === null ? output : `${output}${signal}` }),
    )
  })
}

/** For `spawn`. */
export function spawnOptionsOf({ env, user }: ProgramOptions) {
  return { env, windowsHide: true, ...(user === undefined ? {} : user) }
}
