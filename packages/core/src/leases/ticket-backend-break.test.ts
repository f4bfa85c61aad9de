import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openOwners } from './owners.js'
import { resourceId } from './resource.js'
import { TicketBackend } from './ticket-backend.js'
import { ticketName } from './ticket.js'

const FROM_AFAR = 'l-00000000-00000000-4242-4242-1'

/** This thread with another start time: one that had its id before. */
function deadOwner(dir: string): string {
  const owners = openOwners(join(dir, 'v1', 'owners'))
  owners.close()
  return process.platform === 'linux' ? owners.self.replace(/\d+$/, '1') : owners.self
}

test('breaking takes the lock from those who were shown as its holders, also if a dead one is ahead of them', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'heddle-break-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const backend = new TicketBackend(dir)
  onTestFinished(() => backend.close())
  const id = resourceId({ name: 'ledger', scope: 'machine' }, { root: dir })
  const queue = join(dir, 'v1', 'queues', id)
  mkdirSync(queue, { recursive: true })
  for (const [number, owner] of [deadOwner(dir), FROM_AFAR].entries()) {
    const ticket = { number: number + 1, permits: 'all', limit: Infinity, owner, unique: 'x' } as const
    writeFileSync(join(queue, ticketName(ticket)), '{}')
  }
  const [before] = await backend.status(id)
  expect(before?.holders).toMatchObject([{ pid: 4242, state: 'unknown' }])
  expect(await backend.break(id)).toEqual(before?.holders.map((holder) => ({ ...holder, forMs: expect.any(Number) })))
  const [after] = await backend.status(id)
  expect(after?.holders).toEqual([])
})
