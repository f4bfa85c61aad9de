import type { MysqlSession } from './mysql-session.js'
import { dropRegistered, readRegistry, type Registered } from './registry.js'
import { isRunDead } from './run-lock.js'

const TEMPLATES_KEPT = 3
const TEMPLATE_AGE_MS = 14 * 24 * 3_600_000

/** What dead runs have left. */
export async function findDead(session: MysqlSession): Promise<readonly Registered[]> {
  const dead: Registered[] = []
  for (const entry of await readRegistry(session)) {
    if (entry.marker.kind !== 'template' && (await isRunDead(session, entry.marker.run))) dead.push(entry)
  }
  return dead
}

/** Removes what dead runs have left, and templates that newer ones have replaced. @returns the names */
export async function sweep(session: MysqlSession, now: number = Date.now()): Promise<readonly string[]> {
  const dead = await findDead(session)
  for (const { name } of dead) await dropRegistered(session, name)
  const old = planTemplateSweep(await readRegistry(session), now)
  const dropped: string[] = []
  for (const name of old) if (await dropTemplate(session, name)) dropped.push(name)
  return [...dead.map(({ name }) => name), ...dropped]
}

/** Pure: of each resource the newest few stay, unless nobody has used them for long; also what is copied from stays. */
export function planTemplateSweep(all: readonly Registered[], now: number): readonly string[] {
  const used = new Set(all.map(({ marker }) => marker.template))
  const templates = all
    .filter(({ name, marker }) => marker.kind === 'template' && marker.usedAt !== undefined && !used.has(name))
    .sort((a, b) => (b.marker.usedAt ?? '').localeCompare(a.marker.usedAt ?? ''))
  const seen = new Map<string | undefined, number>()
  return templates.flatMap(({ name, marker }) => {
    const rank = (seen.get(marker.owner) ?? 0) + 1
    seen.set(marker.owner, rank)
    const isOld = now - Date.parse(marker.usedAt ?? '') > TEMPLATE_AGE_MS
    return rank > TEMPLATES_KEPT || isOld ? [name] : []
  })
}

/** Unless somebody makes it, or is about to use it, just now. */
export async function dropTemplate(session: MysqlSession, name: string): Promise<boolean> {
  const [row] = await session.rows('SELECT GET_LOCK(?, 0) AS isMine', [name])
  if (Number(row?.['isMine']) !== 1) return false
  try {
    if ((await readRegistry(session)).some(({ marker }) => marker.template === name)) return false
    await dropRegistered(session, name)
    return true
  } finally {
    await session.rows('SELECT RELEASE_LOCK(?)', [name])
  }
}
