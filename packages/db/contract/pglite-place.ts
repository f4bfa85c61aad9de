import { PGlite } from '@electric-sql/pglite'
import type { ResetPlace, ResetScene } from './reset-place.js'

/** PGlite, in this process: one session for everybody. */
export const pglitePlace: ResetPlace = {
  words: 'PGlite',
  losesUnlogged: true,
  open: openScene,
  close: async () => {},
}

async function openScene(): Promise<ResetScene> {
  const template = await PGlite.create()
  let files: File | Blob | undefined
  return {
    url: 'memory://',
    template,
    asSuperuser: async (statement) => {
      await template.query(statement)
    },
    seal: async () => {
      // Else sequences jump: what is loaded recovers as after a crash, from the numbers that were taken ahead in the log.
      await template.query('CHECKPOINT')
      files = await template.dumpDataDir('none')
      await template.close()
    },
    clone: async () => {
      if (files === undefined) throw new Error('the template is not sealed')
      const clone = await PGlite.create({ loadDataDir: files })
      return { url: 'memory://', session: clone, tests: clone, reader: clone, drop: () => clone.close() }
    },
    close: async () => {
      if (!template.closed) await template.close()
    },
  }
}
