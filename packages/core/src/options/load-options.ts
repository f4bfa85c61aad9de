import { lilconfig } from 'lilconfig'
import { HeddleError, reasonOf } from '../errors.js'
import { mergeOptions, resolveHeddleOptions, type HeddleOptions, type ResolvedOptions } from './options.js'

const EXTENSIONS = ['ts', 'mts', 'js', 'mjs', 'cjs', 'json'] as const

/**
 * The options in force for a host that runs in `root`: the nearest `heddle.config.*` between `root` and the workspace
 * root, with `inline` on top.
 *
 * @throws HeddleError `HEDDLE_CONFIG_UNREADABLE`, `HEDDLE_OPTIONS_INVALID`
 */
export async function loadOptions(
  root: string,
  workspace: string,
  inline: HeddleOptions = {},
): Promise<ResolvedOptions> {
  resolveHeddleOptions(inline)
  const { file, options } = await readConfigFile(root, workspace)
  if (file !== undefined) resolveHeddleOptions(options, `"${file}"`)
  return resolveHeddleOptions(mergeOptions(options, inline))
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
