import { readFileSync } from '../leases/captured.js'
import { fileOfKey, parseJobKey } from '../workspace/job-key.js'
import { fileGroupsOf, type FileGroups } from './file-groups.js'

/** What files say about themselves, each of them read once. */
export class FileTexts {
  readonly #workspace: string
  readonly #texts = new Map<string, FileGroups>()

  constructor(workspace: string) {
    this.#workspace = workspace
  }

  of(key: string): FileGroups {
    const { path } = parseJobKey(key)
    const known = this.#texts.get(path)
    if (known !== undefined) return known
    const text = fileGroupsOf(this.#read(key))
    this.#texts.set(path, text)
    return text
  }

  /** A file that cannot be read says nothing here: its host will say more. */
  #read(key: string): string {
    try {
      return readFileSync(fileOfKey(this.#workspace, key), 'utf8')
    } catch {
      return ''
    }
  }
}
