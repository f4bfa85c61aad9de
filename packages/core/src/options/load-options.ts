import { dirname } from 'node:path'
import { lilconfig } from 'lilconfig'
import { HeddleError, reasonOf } from '../errors.js'
import { membershipsOf, type PlacedRule } from '../groups/rule.js'
import { refuseUnknownGroups } from '../groups/unknown-groups.js'
import { toPortablePath } from '../workspace/job-key.js'
import { mergeOptions } from './merge-options.js'
import { resolveHeddleOptions, type HeddleOptions, type ResolvedOptions } from './options.js'

const EXTENSIONS = ['ts', 'mts', 'js', 'mjs', 'cjs', 'json'] as const

/**
 * The options in force for a host that runs in `root`: the nearest `heddle.config.*` between `root` and the workspace
 * root, with `inline` on top. Every rule knows what its globs are relative to.
 *
 * @throws HeddleError `HEDDLE_CONFIG_UNREADABLE`, `HEDDLE_OPTIONS_INVALID`, `HEDDLE_GROUP_UNKNOWN`
 */
export async function loadOptions(
  root: string,
  workspace: string,
  inline: HeddleOptions = {},
): Promise<ResolvedOptions> {
  const ofInline = resolveHeddleOptions(inline)
  const { file, options } = await readConfigFile(root, workspace)
  const ofFile = resolveHeddleOptions(options, file && `"${file}"`)
  const merged = resolveHeddleOptions(mergeOptions(options, inline))
  const ofRoot = { dir: toPortablePath(workspace, root) }
  const rules = [
    ...ofInline.rules.map((rule) => ({ ...rule, ...ofRoot })),
    ...ofFile.rules.map((rule) => ({ ...rule, ...placeInFile(rule.place, workspace, file ?? root) })),
  ]
  refuseUnknownGroups(
    rules.flatMap((rule) => membershipsOf(rule).map(({ group }) => ({ what: rule.place, group }))),
    Object.keys(merged.groups),
  )
  const { dir } = placeInFile('', workspace, file ?? root)
  const groups = Object.entries(merged.groups).map(([name, group]) => [
    name,
    Object.hasOwn(ofFile.groups, name) ? { ...group, dir } : { ...group, ...ofRoot },
  ])
  return { ...merged, groups: Object.fromEntries(groups) as ResolvedOptions['groups'], rules }
}

function placeInFile(place: string, workspace: string, file: string): Pick<PlacedRule, 'dir' | 'place'> {
  return {
    dir: toPortablePath(workspace, dirname(file)),
    place: `${place} of ${toPortablePath(workspace, file)}`,
  }
}

async function readConfigFile(root: string, workspace: string): Promise<{ file?: string; options: HeddleOptions }> {
  const loaders = { '.ts': importTypeScript, '.mts': importTypeScript }
  const searchPlaces = EXTENSIONS.map((extension) => `heddle.config.${extension}`)
  try {
    const found = await lilconfig('heddle', { searchPlaces, stopDir: workspace, loaders }).search(root)
    if (found === null) return { options: {} }
    if (typeof found.config !== 'object' || found.config === null) {
      throw new Error(`"${found.filepath}" exports no options`)
    }
    return { file: found.filepath, options: found.config as HeddleOptions }
  } catch (error) {
    throw new HeddleError('HEDDLE_CONFIG_UNREADABLE', {
      problem: `Cannot load heddle.config near "${root}": ${reasonOf(error)}`,
      fix: 'correct the file; it must export an object of heddle options by default.',
      cause: error,
    })
  }
}

async function importTypeScript(file: string): Promise<unknown> {
  const { createJiti } = await import('jiti')
  return createJiti(file).import(file, { default: true })
}
