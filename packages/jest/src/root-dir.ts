import { existsSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path'

/** How and where Jest was started. */
export interface Invocation {
  readonly argv: readonly string[]
  readonly cwd: string
}

/**
 * The directory of Jest's root config, for Jest 29, which does not tell its sequencer: found as Jest finds it, by the
 * command line or upwards from the working directory. If none of the projects is in there, Jest was started from a
 * program, and the directory that holds all of them is as good.
 */
export function guessRootDir(projects: readonly string[], { argv, cwd }: Invocation): string {
  const root = realPath(rootFromFlags(argv, cwd) ?? nearestConfigDir(cwd))
  return projects.length === 0 || projects.some((dir) => isInside(root, dir)) ? root : commonDir(projects)
}

function rootFromFlags(argv: readonly string[], cwd: string): string | undefined {
  const rootDir = flag(argv, ['--rootDir'])
  if (rootDir !== undefined) return resolve(cwd, rootDir)
  const config = flag(argv, ['--config', '-c'])
  return config === undefined || config.trimStart().startsWith('{') ? undefined : dirname(resolve(cwd, config))
}

function flag(argv: readonly string[], names: readonly string[]): string | undefined {
  for (const [i, word] of argv.entries()) {
    if (names.includes(word)) return argv[i + 1]
    const name = names.find((one) => word.startsWith(`${one}=`))
    if (name !== undefined) return word.slice(name.length + 1)
  }
  return undefined
}

const CONFIG_FILES = ['package.json', ...['js', 'ts', 'mjs', 'cjs', 'json'].map((ext) => `jest.config.${ext}`)]

function nearestConfigDir(from: string): string {
  for (let dir = resolve(from); ; dir = dirname(dir)) {
    if (CONFIG_FILES.some((name) => existsSync(join(dir, name)))) return dir
    if (dir === dirname(dir)) return resolve(from)
  }
}

function commonDir(dirs: readonly string[]): string {
  const [first = '', ...others] = dirs
  let common = first
  while (!others.every((dir) => isInside(common, dir)) && common !== parse(common).root) common = dirname(common)
  return common
}

function isInside(parent: string, dir: string): boolean {
  const path = relative(parent, dir)
  return path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path)
}

/** Jest's own paths are real ones. */
function realPath(dir: string): string {
  try {
    return realpathSync.native(dir)
  } catch {
    return dir
  }
}
