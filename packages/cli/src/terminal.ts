/** What a command needs of the process around it. Tests hand in their own. */
export interface Terminal {
  readonly stdout: Output
  readonly stderr: Output
  /** Where answers come from. */
  readonly stdin: Input
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Where SIGINT and SIGTERM arrive. */
  readonly signals: Signals
  readonly now: () => number
}

/** The part of a writable stream that is used. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  /** False once its reader is gone. */
  readonly isRead?: boolean | undefined
}

/** A readable stream, perhaps with somebody at it. */
type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined }

/** The part of `process` that is used. */
export interface Signals {
  once(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown
}
