import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import type { SharedContext } from '@heddle/vitest'

export interface Database {
  readonly url: string
}

/** Runs once per run, in the main process of Vitest. */
export async function create({ port }: SharedContext): Promise<Database> {
  const own = await port()
  const server = spawn(process.execPath, [resolve(import.meta.dirname, '../database/server.mjs'), String(own)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(server.stdout, 'data') // It is ready.
  console.log('database started')
  return { url: `http://127.0.0.1:${own}` }
}

/** Runs once, when the run is over. All it knows is what `create` returned. */
export async function destroy({ url }: Database): Promise<void> {
  await fetch(`${url}/stop`)
  console.log('database stopped')
}
