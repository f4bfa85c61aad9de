import { parseJobKey } from '@heddle/core'

/** A file as machines are told of it. */
export interface NamedFile {
  readonly file: string
  /** Empty for the unnamed project. */
  readonly project: string
}

/** What a key names. */
export function fileOfKey(key: string): NamedFile {
  const { path, project } = parseJobKey(key)
  return { file: path, project }
}
