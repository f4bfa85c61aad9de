import { leadingCommentsOf, literalArgumentsOf, wordsOf } from '../source-text.js'
import type { Membership } from './demand.js'

/** A group that a test file names. */
export interface NamedMembership extends Membership {
  /** From 1. */
  readonly line: number
  /** Whether the code calls for it. A comment with `@group` may mean a tag, as other tools do. */
  readonly isCall: boolean
}

/** What a test file says about itself. */
export interface FileGroups {
  /** In the order of the text; a group may be named more than once. */
  readonly groups: readonly NamedMembership[]
  /** Everything that `@group` and `@module-tag` name. */
  readonly tags: readonly string[]
}

const NOTHING: FileGroups = { groups: [], tags: [] }
const IMPORT = /\{([^{}]*)\}\s*(?:from|=\s*(?:await\s+import|require)\s*\()\s*['"`]@heddle\/[^'"`]+['"`]/g
const CALL = /^[ \t]*(?:await\s+)?group(\.exclusive)?\(([^)]*)\);?[ \t]*(?:\/\/.*)?$/gm
const PRAGMA = /^[\s/*]*@group(-exclusive)?(?:[ \t]+([^\r\n]*?))?[ \t]*(?:\*\/.*)?$/gm
/** As Vitest reads it: anywhere in the file. */
const MODULE_TAG = /(?:\/\/|\*)\s*@module-tag\s+([\w\-/]+)\b/g

/**
 * The groups and tags that a test file names, read from its source, because groups are taken before the file's module
 * runs: `group('postgres')`, `group('a', 'b')` or `group.exclusive('a')` on a line of its own, with `group` imported from
 * heddle by this name; `@group postgres` or `@group-exclusive postgres` in the comment at its top; `@module-tag db`.
 *
 * @example
 * fileGroupsOf('// @group postgres\n').groups // [{ group: 'postgres', mode: 'shared', line: 1, isCall: false }]
 */
export function fileGroupsOf(source: string): FileGroups {
  const hasGroup = source.includes('group')
  const moduleTags = source.includes('@module-tag')
    ? [...source.matchAll(MODULE_TAG)].map(([, tag = '']) => detached(tag))
    : []
  if (!hasGroup) return moduleTags.length === 0 ? NOTHING : { groups: [], tags: moduleTags }
  const pragmas = source.includes('@group') ? pragmasIn(source) : []
  const tags = pragmas.filter(({ mode }) => mode === 'shared').map(({ group }) => group)
  return { groups: [...pragmas, ...(importsGroup(source) ? callsIn(source) : [])], tags: [...tags, ...moduleTags] }
}

function pragmasIn(source: string): NamedMembership[] {
  return [...leadingCommentsOf(source).matchAll(PRAGMA)].flatMap((match) => {
    const line = lineAt(source, match.index + match[0].indexOf('@'))
    const [, exclusive, words] = match
    return wordsOf(words)
      .map(detached)
      .map((group) => ({ group, mode: modeOf(exclusive), line, isCall: false }))
  })
}

/** Otherwise a function of this name is the user's own. */
function importsGroup(source: string): boolean {
  return (
    source.includes('@heddle/') &&
    [...source.matchAll(IMPORT)].some(([, names = '']) => names.split(',').some((name) => name.trim() === 'group'))
  )
}

function callsIn(source: string): NamedMembership[] {
  return [...source.matchAll(CALL)].flatMap((match) => {
    const line = lineAt(source, match.index)
    const [, exclusive, names = ''] = match
    const groups = literalArgumentsOf(names) ?? []
    return groups.map(detached).map((group) => ({ group, mode: modeOf(exclusive), line, isCall: true }))
  })
}

function modeOf(exclusive: string | undefined): Membership['mode'] {
  return exclusive === undefined ? 'shared' : 'exclusive'
}

function lineAt(source: string, index: number): number {
  return source.slice(0, index).split('\n').length
}

/** A part of a text that does not keep the whole text in memory, as one that was cut out of it does in V8. */
function detached(part: string): string {
  return Buffer.from(part).toString()
}
