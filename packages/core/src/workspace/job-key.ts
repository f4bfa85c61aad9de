import nativePath from 'node:path'

/** What is needed of `node:path`, so that tests can stand in for another platform. */
interface PathModule {
  readonly sep: string
  isAbsolute(path: string): boolean
  relative(from: string, to: string): string
  resolve(...paths: string[]): string
}

/**
 * The portable name of a test file in one project: its POSIX path relative to the workspace root and, after a tab,
 * the project's name. The same on every machine and platform; histories, snapshots and plans are keyed by it.
 *
 * @example
 * jobKey('', 'test/a.test.ts')     // 'test/a.test.ts'
 * jobKey('unit', 'test/a.test.ts') // 'test/a.test.ts\tunit'
 */
export function jobKey(project: string, path: string): string {
  const name = project.replaceAll('\t', ' ')
  // A tab inside the path itself must not be read as the separator.
  return name === '' && !path.includes('\t') ? path : `${path}\t${name}`
}

/** The project and path that {@link jobKey} made a key from. */
export function parseJobKey(key: string): { readonly project: string; readonly path: string } {
  const tab = key.lastIndexOf('\t')
  return tab === -1 ? { project: '', path: key } : { project: key.slice(tab + 1), path: key.slice(0, tab) }
}

/** A key as people read it: `unit › test/a.test.ts`. */
export function displayKey(key: string): string {
  const { project, path } = parseJobKey(key)
  return project === '' ? path : `${project} › ${path}`
}

/** `file` relative to `workspace`, with forward slashes on every platform. */
export function toPortablePath(workspace: string, file: string, path: PathModule = nativePath): string {
  const portable = path.isAbsolute(file) ? path.relative(workspace, file) : file
  return path.sep === '/' ? portable : portable.replaceAll(path.sep, '/')
}

/** The file on this machine that `key` stands for. */
export function fileOfKey(workspace: string, key: string, path: PathModule = nativePath): string {
  // Resolved, not joined: what lies on another Windows drive has no path relative to the workspace.
  return path.resolve(workspace, parseJobKey(key).path)
}

/** Orders keys by code unit, so that every machine and locale gets the same order. */
export function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
