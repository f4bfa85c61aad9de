import { LEASE_SCOPES, type LeaseScope } from './scope.js'

/** Who asks, for people to read. */
export interface LeaseLabel {
  /** The test file, as the user knows it. */
  readonly file?: string | undefined
  /** The full name of the test or block. */
  readonly test?: string | undefined
}

/** What a ticket's file says: for people, never for decisions. */
export interface TicketNote extends LeaseLabel {
  readonly name?: string | undefined
  readonly scope?: LeaseScope | undefined
  readonly run?: string | undefined
  readonly pid?: number | undefined
  readonly cwd?: string | undefined
}

export function formatNote(note: TicketNote): string {
  return `${JSON.stringify(note)}\n`
}

/** Whatever of it is usable: the file may be half written, or not heddle's. */
export function parseNote(text: string): TicketNote {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return {}
  }
  if (typeof value !== 'object' || value === null) return {}
  const { file, test, name, scope, run, pid, cwd } = value as Record<string, unknown>
  return {
    file: stringOr(file),
    test: stringOr(test),
    name: stringOr(name),
    scope: LEASE_SCOPES.find((one) => one === scope),
    run: stringOr(run),
    pid: numberOr(pid),
    cwd: stringOr(cwd),
  }
}

function stringOr(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function numberOr(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
