import { join } from 'node:path'
import { readdirSync } from './captured.js'
import type { Owners } from './owners.js'
import type { TicketQueue } from './ticket-queue.js'
import { tryUnlink } from './try-unlink.js'

interface Swept {
  readonly owners: Owners
  /** One file per owner that has ever waited. */
  readonly mailDir: string
  readonly queues: Iterable<TicketQueue>
}

/**
 * Removes what the dead left: tickets, queues without any, mailboxes, and what told who they are. Anybody may do it at any
 * time; nothing depends on it. It takes nothing from the living, nor from those of whom nobody can tell.
 */
export function sweep({ owners, mailDir, queues }: Swept): void {
  for (const queue of queues) attempt(() => queue.sweep())
  attempt(() => {
    for (const owner of readdirSync(mailDir)) if (owners.stateOf(owner) === 'gone') tryUnlink(join(mailDir, owner))
  })
  attempt(owners.sweep)
}

function attempt(step: () => void): void {
  try {
    step()
  } catch {
    // The next sweep may have more luck.
  }
}
