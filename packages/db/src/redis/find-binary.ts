import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['redis-server', 'valkey-server', 'redis-server.exe']

/** The first server program in PATH. */
export function findBinary({ PATH = '' }: Readonly<NodeJS.ProcessEnv>): string | undefined {
  const dirs = [...PATH.split(delimiter).filter((dir) => dir !== ''), '/usr/local/bin', '/opt/homebrew/bin']
  return NAMES.flatMap((name) => dirs.map((dir) => join(dir, name))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
