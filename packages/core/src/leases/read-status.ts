import type { Participant, ResourceStatus } from './backend.js'
import { wallClock } from './captured.js'
import { pidOf, type Owners } from './owners.js'
import { splitQueue } from './queue.js'
import type { Ticket } from './ticket.js'
import type { TicketDir } from './ticket-dir.js'
import type { TicketNote } from './ticket-note.js'

/** Who holds a resource and who waits, from one listing. The dead are not shown: the next joiner removes them. */
export function readStatus(id: string, dir: TicketDir, owners: Owners): ResourceStatus {
  const states = new Map(dir.list().map((ticket) => [ticket, owners.stateOf(ticket.owner)]))
  const living = [...states].filter(([, state]) => state !== 'gone').map(([ticket]) => ticket)
  const { holders, waiters } = splitQueue(living)
  const notes = new Map<Ticket, TicketNote>()
  const describe = (ticket: Ticket): Participant => {
    const { note, changedAt } = dir.describe(ticket)
    notes.set(ticket, note)
    return {
      pid: pidOf(ticket.owner) ?? note.pid,
      state: states.get(ticket) ?? 'unknown',
      permits: ticket.permits,
      forMs: changedAt === undefined ? undefined : Math.max(0, wallClock() - changedAt),
      file: note.file,
      test: note.test,
      run: note.run,
      cwd: note.cwd,
    }
  }
  const status = { holders: holders.map(describe), waiters: waiters.map(describe) }
  const named = [...notes.values()].find(({ name }) => name !== undefined)
  return {
    id,
    name: named?.name,
    scope: named?.scope,
    limit: Math.min(Infinity, ...living.map(({ limit }) => limit)),
    ...status,
  }
}
