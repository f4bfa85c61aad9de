/** What the main process tells its workers of resources, if there are any. Plain data. */
export interface ResourceSettings {
  /** Where it answers: a Unix domain socket or named pipe. */
  readonly socket: string
  /** All of `resources`, in their order. */
  readonly names: readonly string[]
}
