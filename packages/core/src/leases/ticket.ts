/** One request for permits of a resource: a file whose name says all that decides, and whose content only explains. */
export interface Ticket {
  /** Place in the queue, ≥ 1. */
  readonly number: number
  /** How many permits it takes; `all` of them if it is exclusive. */
  readonly permits: number | 'all'
  /** How many permits the resource has; Infinity if any number of shared holders may be in. */
  readonly limit: number
  /** The thread that holds or waits; see {@link Owners}. */
  readonly owner: string
  /** Differs between any two requests of one owner. */
  readonly unique: string
}

/** No leading zeros: the name that is read must be the one that is written again to remove the file. */
const PATTERN = /^([1-9]\d{0,14})_(all|[1-9]\d{0,8})_(inf|[1-9]\d{0,8})_([0-9a-z-]{1,120})_([0-9a-z]{1,40})$/

/** Above this no further ticket can be numbered. Real queues stay below the number of their waiters. */
export const MAX_NUMBER = 999_999_999_999_999

export function ticketName({ number, permits, limit, owner, unique }: Ticket): string {
  return `${number}_${permits}_${limit === Infinity ? 'inf' : limit}_${owner}_${unique}`
}

/** @returns undefined if the name is not a ticket's: whatever else lies in the directory is not heddle's. */
export function parseTicketName(name: string): Ticket | undefined {
  const match = PATTERN.exec(name)
  if (match === null) return undefined
  const [, number = '', permits = '', limit = '', owner = '', unique = ''] = match
  return {
    number: Number(number),
    permits: permits === 'all' ? 'all' : Number(permits),
    limit: limit === 'inf' ? Infinity : Number(limit),
    owner,
    unique,
  }
}

export function isSameTicket(a: Ticket, b: Ticket): boolean {
  return a.unique === b.unique && a.owner === b.owner
}

export function isAmong(tickets: readonly Ticket[], ticket: Ticket): boolean {
  return tickets.some((other) => isSameTicket(other, ticket))
}
