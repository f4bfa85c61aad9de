import type { ResourceSurroundings } from '@heddle/core'
import { shortHash } from '../common/short-hash.js'

/** Which resource of which project: templates of one owner supersede each other, and what is kept is removed for its owner alone. */
export function ownerOf({ root, name }: Pick<ResourceSurroundings, 'root' | 'name'>): string {
  return shortHash([root, name], 6)
}
