import { writeFile } from 'node:fs/promises'
import type { PGlite } from '@electric-sql/pglite'

/**
 * Writes all of it into a file, to be loaded as often as wanted. What is only in the log of the database would be recovered then
 * as after a crash: sequences would jump ahead, unlogged tables be empty.
 */
export async function dumpTo(db: PGlite, file: string): Promise<void> {
  await db.exec('checkpoint')
  const dump = await db.dumpDataDir('none')
  await writeFile(file, Buffer.from(await dump.arrayBuffer()))
}
