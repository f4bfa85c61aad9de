import { openSession, type Session } from '@heddle/core'
import type { Terminal } from './terminal.js'

/** The session of the current directory; its warnings go to standard error. */
export function openWorkspace({ cwd, env, stderr }: Terminal): Promise<Session> {
  return openSession({ root: cwd, env, print: (line) => stderr.write(`heddle: ${line}\n`) })
}
