import { lockKey } from './lock-key.js'
import type { OwnDatabase } from './own-database.js'
import { templateId } from './template-id.js'

/** What is known when it is decided what to remove. */
export interface SweepScene {
  readonly databases: readonly OwnDatabase[]
  /** Keys of the advisory locks that somebody holds. */
  readonly held: ReadonlySet<string>
  readonly now: number
  /** Of this machine. */
  readonly host: string
  /** Whether a process of this machine is there. */
  readonly isAlive: (pid: number) => boolean
}

/** What becomes of a database. */
export interface SweptDatabase {
  readonly database: OwnDatabase
  /**
   * `dead`: whoever made it is gone. `doubtful`: nobody holds its lock, but its process may be there still, or is on another
   * machine: the lock is looked at once more later, as a run whose connection was lost takes it again. `old`: kept from run to
   * run, for too long.
   */
  readonly why: 'dead' | 'doubtful' | 'old'
}

const DAY_MS = 24 * 60 * 60 * 1000
const TEMPLATE_MS = 14 * DAY_MS
const SLOT_MS = 7 * DAY_MS
const KEPT_MS = 2 * DAY_MS
const TEMPLATES_PER_OWNER = 3
const RUNS_KEPT = 3

/** Says what is to be removed, and why. Never anything that somebody uses. */
export function planSweep(scene: SweepScene): SweptDatabase[] {
  const superseded = supersededTemplates(scene)
  const removed = new Set<string>()
  const swept: SweptDatabase[] = []
  for (const database of scene.databases.filter(({ parts }) => parts.kind !== 'slot')) {
    const why = whyOf(database, scene, superseded)
    if (why === undefined) continue
    swept.push({ database, why })
    removed.add(database.name)
  }
  const templates = new Set(scene.databases.filter(({ name }) => !removed.has(name)).flatMap(idOf))
  for (const database of scene.databases.filter(({ parts }) => parts.kind === 'slot')) {
    if (isSlotOver(database, scene, templates)) swept.push({ database, why: 'old' })
  }
  return swept
}

/** Whether somebody uses it: the run that made it, or, of a template and of a slot, anybody. */
export function isInUse({ name, parts }: OwnDatabase, held: ReadonlySet<string>): boolean {
  switch (parts.kind) {
    case 'worker':
    case 'test':
      return held.has(lockKey('run', parts.key))
    case 'template':
      return held.has(lockKey('build', parts.key)) || held.has(lockKey('use', parts.key))
    case 'slot':
      return held.has(lockKey('slot', name))
    case 'kept':
      return held.has(lockKey('run', parts.key))
    default:
      return true
  }
}

function whyOf(
  database: OwnDatabase,
  scene: SweepScene,
  superseded: ReadonlySet<string>,
): SweptDatabase['why'] | undefined {
  if (isInUse(database, scene.held)) return undefined
  const { parts, isFinished, isBroken } = database
  if (isBroken) return 'old'
  const age = scene.now - usedAt(database)
  if (parts.kind === 'kept') return age > KEPT_MS || superseded.has(database.name) ? 'old' : undefined
  if (parts.kind !== 'template') return whyDead(database, scene)
  if (!isFinished) return whyDead(database, scene)
  return age > TEMPLATE_MS || superseded.has(database.name) ? 'old' : undefined
}

function whyDead({ marker }: OwnDatabase, { host, isAlive }: SweepScene): SweptDatabase['why'] {
  return marker !== undefined && marker.host === host && !isAlive(marker.pid) ? 'dead' : 'doubtful'
}

function isSlotOver(slot: OwnDatabase, scene: SweepScene, templates: ReadonlySet<string>): boolean {
  if (isInUse(slot, scene.held)) return false
  if (slot.isBroken) return true
  const template = slot.marker?.template
  return template === undefined || !templates.has(template) || scene.now - usedAt(slot) > SLOT_MS
}

/** Templates beyond the newest of their resource, and copies of all but the newest runs of it. */
function supersededTemplates({ databases }: SweepScene): Set<string> {
  const superseded = new Set<string>()
  const newest = new Map<string, Set<string>>()
  for (const database of [...databases].sort((a, b) => usedAt(b) - usedAt(a))) {
    const { parts, marker, isFinished } = database
    const isCopy = parts.kind === 'kept'
    if (!isCopy && !isFinished) continue
    const group = `${parts.kind} ${marker?.owner ?? ''}`
    const keys = newest.get(group) ?? new Set()
    newest.set(group, keys)
    if (keys.has(parts.key)) continue
    if (keys.size < (isCopy ? RUNS_KEPT : TEMPLATES_PER_OWNER)) keys.add(parts.key)
    else superseded.add(database.name)
  }
  return superseded
}

function idOf({ name, marker, isFinished }: OwnDatabase): string[] {
  return isFinished && marker !== undefined ? [templateId(name, marker)] : []
}

function usedAt({ marker }: OwnDatabase): number {
  return marker === undefined ? 0 : Date.parse(marker.usedAt ?? marker.at)
}
