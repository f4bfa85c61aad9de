import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { TestProject } from 'vitest/node'
import { packTarballs } from './tarballs.js'

declare module 'vitest' {
  interface ProvidedContext {
    readonly tarballs: string[]
  }
}

/** Packs once for all e2e files. */
export default function setup(project: TestProject): () => Promise<void> {
  const tarballs = packTarballs()
  project.provide('tarballs', tarballs)
  return () => rm(dirname(tarballs[0] ?? ''), { recursive: true, force: true })
}
