import type { MigrationPlan } from '../common/plan-migrations.js'
import { shortHash } from '../common/short-hash.js'
import type { PostgresTarget, SeedTarget } from './postgres-options.js'
import type { ServerFacts } from './server-facts.js'

/** What a template is made of. */
export interface TemplateRecipe {
  /** Of the resource, for messages. */
  readonly name: string
  /** 10 of [0-9a-z], of everything that makes a difference. */
  readonly hash: string
  readonly plan: MigrationPlan<PostgresTarget>
  readonly seed: ((at: SeedTarget) => unknown) | undefined
  readonly role: string | undefined
  readonly root: string
  readonly env: Readonly<NodeJS.ProcessEnv>
  /** Variables that name the database to a command. */
  readonly variables: readonly string[]
}

/** To be raised whenever a template is made otherwise than before. */
const FORMAT = 3

/** @param facts of the server: what belongs to one role is of no use to another, and major versions differ in what they do */
export function recipeOf(
  ingredients: Omit<TemplateRecipe, 'hash'>,
  { versionNumber, user }: Pick<ServerFacts, 'versionNumber' | 'user'>,
): TemplateRecipe {
  const { plan, seed, role } = ingredients
  const { version } = require('../../package.json') as { readonly version: string }
  const major = Math.floor(versionNumber / 10_000)
  const parts = [FORMAT, version, plan.hash, seed, role, major, user].map(String)
  return { ...ingredients, hash: shortHash(parts, 10) }
}
