import { linkSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from './captured.js'
import { tryUnlink } from './try-unlink.js'

/** Between the name of a mark and its owner, while the mark is made. */
export const DRAFT = '~'

/** A file that says whose it is from its first moment on. */
export interface MarkFile {
  /** @throws `EEXIST` if there is one */
  readonly create: (path: string, owner: string) => void
  /** @throws `ENOENT` if there is none */
  readonly read: (path: string) => string
}

/** Where links are for everybody: one call, and a link need not lead anywhere. */
const LINKS: MarkFile = {
  create: (path, owner) => symlinkSync(owner, path),
  read: (path) => readlinkSync(path),
}

/** Windows lets few users make symbolic links. */
const FILES: MarkFile = {
  create(path, owner) {
    const draft = `${path}${DRAFT}${owner}`
    writeFileSync(draft, owner, { mode: 0o600 })
    try {
      linkSync(draft, path)
    } finally {
      tryUnlink(draft)
    }
  },
  read: (path) => readFileSync(path, 'utf8'),
}

export function markFileOf(platform: NodeJS.Platform): MarkFile {
  return platform === 'win32' ? FILES : LINKS
}
