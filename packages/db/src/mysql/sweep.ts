import type { MysqlSession } from './mysql-session.js'
import { dropRegistered, readRegistry, type Registered } from './registry.js'
import { isRunDead } from './run-lock.js'

const TEMPLATES_KEPT = 3
const TEMPLATE_AGE_MS = 14 * 24 * 3_600_000

/** What dead runs have left, also templates that they have only begun to make. */
export async function findDead(session: MysqlSession): Promise<readonly Registered[]> {
  const dead: Registered[] = []
  for (const entry of await readRegistry(session)) {
    if (!isWholeTemplate(entry) && (await isRunDead(session, entry.marker.run))) dead.push(entry)
  }
  return dead
}

/** It says when it was last used, which it is told when it is whole. */
export function isWholeTemplate({ marker: { kind, usedAt } }: Registered): boolean {
  return kind === 'template' && usedAt !== undefined
}

/** Removes what dead runs have left, and templates that newer ones have replaced. @returns the names */
export async function sweep(session: MysqlSession, now: number = Date.now()): Promise<readonly string[]> {
  const dead = await dropAll(session, await findDead(session))
  const all = await readRegistry(session)
  const old = new Set(planTemplateSweep(all, now))
  const superseded = all.filter(({ name }) => old.has(name))
  return [...dead, ...(await dropAll(session, superseded))]
}

/** @returns the names of those that nobody has taken meanwhile */
export async function dropAll(session: MysqlSession, entries: readonly Registered[]): Promise<readonly string[]> {
  const dropped: string[] = []
  for (const entry of entries) {
    if (entry.marker.kind !== 'template') await dropRegistered(session, entry.name)
    else if (!(await dropTemplate(session, entry))) continue
    dropped.push(entry.name)
  }
  return dropped
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

/** Unless somebody makes it, uses it, or has done so since it was looked at. */
async function dropTemplate(session: MysqlSession, { name, marker }: Registered): Promise<boolean> {
  const [row] = await session.rows('SELECT GET_LOCK(?, 0) AS isMine', [name])
  if (Number(row?.['isMine']) !== 1) return false
  try {
    const all = await readRegistry(session)
    const now = all.find((entry) => entry.name === name)?.marker
    const isSame = now?.run === marker.run && now.usedAt === marker.usedAt
    if (!isSame || all.some((entry) => entry.marker.template === name)) return false
    await dropRegistered(session, name)
    return true
  } finally {
    await session.rows('SELECT RELEASE_LOCK(?)', [name])
  }
}
