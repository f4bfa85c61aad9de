/** What a command needs of the process around it. Tests hand in their own. */
export interface Terminal {
  readonly stdout: Output
  readonly stderr: Output
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
}

/** The part of `process` that is used. */
export interface Signals {
  once(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown
}
