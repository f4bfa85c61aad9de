import { newMarker, type Maker } from '../common/marker.js'
import { templateName } from '../common/names.js'
import { createDatabase, dropDatabase, endSessions, setMarker, type CopyStrategy } from './change-databases.js'
import { withDatabase } from './database-url.js'
import { withLock } from './with-lock.js'
import { fillTemplate } from './fill-template.js'
import { lockKey } from './lock-key.js'
import { findOwnDatabase } from './own-database.js'
import { quoteIdentifier } from '../common/quote.js'
import type { SqlClient } from './sql-client.js'
import { templateId } from './template-id.js'
import type { TemplateRecipe } from './template-recipe.js'

/** Where it is made. */
export interface TemplatePlace {
  /** Of the maintenance database. */
  readonly url: string
  readonly admin: SqlClient
  readonly copy: CopyStrategy
  readonly maker: Maker
  /** Which resource of which project. */
  readonly owner: string
  readonly signal: AbortSignal
}

/** A template that is whole. */
export interface Template {
  readonly name: string
  /** Another for each that was made, also under the same name. */
  readonly id: string
}

const TOUCH_AFTER_MS = 60 * 60 * 1000

/**
 * Finds the template, or makes it. Of all that want one at once, in whichever process, one makes it and the others wait; one that
 * was left half-made is made anew.
 *
 * @throws HeddleError `HEDDLE_MIGRATION_FAILED`, `HEDDLE_RESOURCE_FAILED`
 */
export async function ensureTemplate(recipe: TemplateRecipe, place: TemplatePlace): Promise<Template> {
  const ready = await findTemplate(recipe, place)
  if (ready !== undefined) return ready
  const key = lockKey('build', recipe.hash)
  return withLock({ ...place, key, name: recipe.name }, async () => {
    return (await findTemplate(recipe, place)) ?? makeTemplate(recipe, place)
  })
}

/** Makes it although it is there. */
export async function rebuildTemplate(recipe: TemplateRecipe, place: TemplatePlace): Promise<Template> {
  const key = lockKey('build', recipe.hash)
  return withLock({ ...place, key, name: recipe.name }, () => makeTemplate(recipe, place))
}

async function findTemplate(recipe: TemplateRecipe, { admin, owner }: TemplatePlace): Promise<Template | undefined> {
  const name = templateName(recipe.hash)
  const own = await findOwnDatabase(admin, name)
  if (own?.marker === undefined || !own.isFinished) return undefined
  const { marker } = own
  const isFresh = Date.now() - Date.parse(marker.usedAt ?? marker.at) < TOUCH_AFTER_MS && marker.owner === owner
  if (!isFresh) await setMarker(admin, name, { ...marker, owner, usedAt: new Date().toISOString() })
  return { name, id: templateId(name, marker) }
}

async function makeTemplate(recipe: TemplateRecipe, place: TemplatePlace): Promise<Template> {
  const { admin, maker, owner, copy } = place
  const name = templateName(recipe.hash)
  await dropDatabase(admin, name)
  const marker = newMarker('template', maker, { owner, usedAt: new Date().toISOString() })
  try {
    await createDatabase(admin, { name, marker }, copy)
    await fillTemplate(withDatabase(place.url, name), recipe, place.signal)
    await endSessions(admin, name)
    await admin.query(`alter database ${quoteIdentifier(name)} allow_connections false`)
    // The last thing, so that what was left in the middle is known by it.
    await admin.query(`alter database ${quoteIdentifier(name)} is_template true`)
  } catch (error) {
    await dropDatabase(admin, name).catch(() => false)
    throw error
  }
  return { name, id: templateId(name, marker) }
}
