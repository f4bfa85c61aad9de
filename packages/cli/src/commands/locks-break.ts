import {
  describeParticipant,
  HeddleError,
  isSlotOf,
  quoteName,
  threadLeases,
  type LeaseScope,
  type Participant,
  type ResourceStatus,
} from '@heddle/core/leases'
import { ask } from '../ask.js'
import { EXIT } from '../exit-codes.js'
import { colorsFor } from '../print/colors.js'
import { argumentOf, formatLocks } from '../print/locks-table.js'
import { oneLine } from '../print/words.js'
import { readLocks, selectLocks, type LockFilter } from '../read-locks.js'
import type { Terminal } from '../terminal.js'
import { listTitles } from './locks.js'

export interface BreakOptions {
  readonly scope?: LeaseScope
  /** Do not ask. */
  readonly yes?: boolean
}

/**
 * `heddle locks --break`. Who loses the permits of a group loses the numbers that go with them.
 *
 * @throws HeddleError `HEDDLE_USAGE` unless exactly one lock is meant, and if nobody can be asked
 */
export async function breakLock(name: string, { scope, yes }: BreakOptions, terminal: Terminal): Promise<number> {
  const lock = pickLock(await readLocks(terminal), { name, scope })
  if (yes !== true) {
    const refusal = await askFirst(lock, terminal)
    if (refusal !== undefined) return refusal
  }
  const leases = threadLeases({ root: terminal.cwd }, terminal.env)
  const slots = slotsOf(lock, await readLocks(terminal))
  for (const { id } of slots) await leases.break(id)
  const broken = await leases.break(lock.id)
  const names = [lock, ...slots].map(nameOf).join(' with ')
  terminal.stdout.write(`${oneLine(`Broke ${names}, held by ${listHolders(broken)}.`)}\n`)
  return EXIT.ok
}

/** The numbers that the holders of a group have in it. */
function slotsOf({ name = '', scope, holders }: ResourceStatus, locks: readonly ResourceStatus[]): ResourceStatus[] {
  const theirs = new Set(holders.map(whoIs))
  return locks.filter(
    (lock) =>
      lock.scope === scope && isSlotOf(lock.name ?? '', name) && lock.holders.some((one) => theirs.has(whoIs(one))),
  )
}

function pickLock(locks: readonly ResourceStatus[], filter: LockFilter): ResourceStatus {
  const [lock, ...others] = selectLocks(locks, filter)
  if (lock === undefined) throw nobodyHolds(locks, filter)
  if (others.length > 0) throw ambiguous([lock, ...others], filter)
  return lock
}

/** @returns the exit code if it is not to be done */
async function askFirst(lock: ResourceStatus, terminal: Terminal): Promise<number | undefined> {
  const { stdin, stderr } = terminal
  if (stdin.isTTY !== true) throw nobodyToAsk(lock)
  stderr.write(describeBreak(lock, terminal))
  if (!/^y(es)?$/i.test((await ask('Break it? (y/N) ', terminal)).trim())) {
    stderr.write('Nothing was changed.\n')
    return EXIT.ok
  }
  const now = (await readLocks(terminal)).find(({ id }) => id === lock.id)
  if (now !== undefined && identityOf(lock.holders) === identityOf(now.holders)) return undefined
  stderr.write(oneLine(`Nothing was changed: ${nameOf(lock)} has other holders than a moment ago.`) + '\n')
  return EXIT.checkFailed
}

function describeBreak(lock: ResourceStatus, { stderr, cwd, env }: Terminal): string {
  const meaning = '\nBreaking it takes it away from all who hold it, and the next in line goes on at once.\n'
  const warnings = lock.holders.filter(isAlive).map((holder) => `${warningOf(holder)}\n`)
  return [formatLocks([lock], { cwd, colors: colorsFor(stderr, env) }), meaning, ...warnings].join('')
}

function isAlive({ state }: Participant): boolean {
  return state === 'running' || state === 'stopped'
}

function warningOf(holder: Participant): string {
  const isHow = holder.state === 'stopped' ? 'only stopped' : 'still running'
  return oneLine(`pid ${holder.pid ?? '?'} is ${isHow}; it will fail with HEDDLE_LEASE_LOST.`)
}

/** What the user agrees to, as far as it stays the same while it is held. */
function identityOf(holders: readonly Participant[]): string {
  return JSON.stringify(holders.map((holder) => [holder.permits, whoIs(holder)]))
}

function whoIs({ pid, file, test, run, cwd }: Participant): string {
  return JSON.stringify([pid, file, test, run, cwd])
}

function nameOf({ name, id }: ResourceStatus): string {
  return quoteName(name ?? id)
}

function listHolders(holders: readonly Participant[]): string {
  return holders.length === 0 ? 'nobody any more' : holders.map(describeParticipant).join(', ')
}

function nobodyHolds(locks: readonly ResourceStatus[], { name, scope }: LockFilter): HeddleError {
  const where = scope === undefined ? '' : ` with scope ${scope}`
  return new HeddleError('HEDDLE_USAGE', {
    problem: oneLine(`Cannot break ${quoteName(name)}: nobody holds it${where}`),
    fix:
      locks.length === 0
        ? 'there is nothing to break, no lock is held.'
        : oneLine(`did you mean one of ${listTitles(locks)}? \`heddle locks\` shows them.`),
  })
}

function ambiguous(locks: readonly ResourceStatus[], { name }: LockFilter): HeddleError {
  const scopes = [...new Set(locks.flatMap(({ scope }) => scope ?? []))]
  const places = locks.map(({ id, scope, holders }) =>
    oneLine(`  ${id}, scope ${scope ?? 'unknown'}, from ${holders[0]?.cwd ?? 'an unknown directory'}`),
  )
  return new HeddleError('HEDDLE_USAGE', {
    problem: [oneLine(`Cannot break ${quoteName(name)}: several locks have that name`), ...places].join('\n'),
    fix:
      scopes.length > 1
        ? `add ${scopes.map((scope) => `--scope ${scope}`).join(' or ')}, or name one by its id, the first word above.`
        : 'name one by its id, the first word above.',
  })
}

function nobodyToAsk(lock: ResourceStatus): HeddleError {
  return new HeddleError('HEDDLE_USAGE', {
    problem: oneLine(`Cannot break ${nameOf(lock)}: there is no terminal to ask for confirmation`),
    fix: oneLine(`look at its holders with \`heddle locks ${argumentOf(lock)}\`, then add --yes.`),
  })
}
