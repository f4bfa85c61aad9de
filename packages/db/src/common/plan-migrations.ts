import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HeddleError } from '@heddle/core'
import { glob } from 'tinyglobby'
import { listOf } from './check-options.js'
import type { Migrations } from './migration-options.js'

export interface MigrationFile {
  /** POSIX, from the root. */
  readonly path: string
  readonly sql: string
}

/** What is to be run, and what tells whether it is other than before. */
export interface MigrationPlan<Target> {
  readonly way: MigrationWay<Target>
  /** In the order in which they run. */
  readonly files: readonly MigrationFile[]
  /** Of contents, order and way. */
  readonly hash: string
}

export type MigrationWay<Target> =
  | { readonly kind: 'sql' }
  | { readonly kind: 'run'; readonly run: (target: Target) => unknown }
  | { readonly kind: 'command'; readonly command: string }

/** Whose migrations they are. */
export interface MigrationPlace {
  /** Of the resource, for messages. */
  readonly name: string
  /** What globs are relative to. */
  readonly root: string
}

/**
 * Finds the files: glob by glob, and each glob's by path, numbers in it by their value (2_x before 10_x). `*.down.sql` beside
 * `*.up.sql` undo them, and are left out.
 *
 * @throws HeddleError `HEDDLE_MIGRATION_FAILED` if a glob matches nothing
 */
export async function planMigrations<Target>(
  migrations: Migrations<Target> | undefined,
  place: MigrationPlace,
): Promise<MigrationPlan<Target>> {
  const way = wayOf(migrations)
  const globs = typeof migrations === 'object' && 'files' in migrations ? migrations.files : migrations
  const found = await Promise.all(listOf(globs).map((pattern) => filesOf(pattern, place)))
  const paths = withoutDowns([...new Set(found.flat())])
  const files = await Promise.all(
    paths.map(async (path) => ({ path, sql: await readFile(join(place.root, path), 'utf8') })),
  )
  return { way, files, hash: hashOf(way, files) }
}

/** `a2` before `a10`, without regard to the language of the machine. */
export function compareNaturally(a: string, b: string): number {
  const others = partsOf(b)
  for (const [i, part] of partsOf(a).entries()) {
    const other = others[i]
    if (other === undefined) return 1
    const isNumbers = /^\d/.test(part) && /^\d/.test(other)
    const order = isNumbers ? compare(BigInt(part), BigInt(other)) : compare(part, other)
    if (order !== 0) return order
  }
  return compare(a, b)
}

function partsOf(path: string): string[] {
  return path.match(/\d+|\D+/g) ?? []
}

function compare<T extends string | bigint>(a: T, b: T): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function wayOf<Target>(migrations: Migrations<Target> | undefined): MigrationWay<Target> {
  if (typeof migrations !== 'object' || !('files' in migrations)) return { kind: 'sql' }
  return 'run' in migrations ? { kind: 'run', run: migrations.run } : { kind: 'command', command: migrations.command }
}

async function filesOf(pattern: string, { name, root }: MigrationPlace): Promise<string[]> {
  const found = await glob(pattern, { cwd: root, dot: true, expandDirectories: false, ignore: ['**/node_modules/**'] })
  if (found.length > 0) return found.sort(compareNaturally)
  throw new HeddleError('HEDDLE_MIGRATION_FAILED', {
    problem: `Cannot find the migrations of resource "${name}": no file matches "${pattern}" in ${root}`,
    fix: 'correct the glob; it is relative to the directory in which the tests run.',
  })
}

function withoutDowns(paths: readonly string[]): string[] {
  const all = new Set(paths)
  return paths.filter((path) => !path.endsWith('.down.sql') || !all.has(path.replace(/\.down\.sql$/, '.up.sql')))
}

function hashOf<Target>(way: MigrationWay<Target>, files: readonly MigrationFile[]): string {
  const hash = createHash('sha256')
  const parts = [way.kind, wordsOf(way), ...files.flatMap(({ path, sql }) => [path, sql])]
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`)
  return hash.digest('hex')
}

function wordsOf<Target>(way: MigrationWay<Target>): string {
  if (way.kind === 'sql') return ''
  return way.kind === 'run' ? String(way.run) : way.command
}
