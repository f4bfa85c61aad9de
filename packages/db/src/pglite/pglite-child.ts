// A process with one PGlite, which others reach like a server. It ends when its parent does.
import { reasonOf } from '@heddle/core'
import type { PGlite } from '@electric-sql/pglite'
import { dumpTo } from './dump-to.js'
import { loadPglite } from './load-pglite.js'
import { WireFront, type SendRaw } from './wire-front.js'

/** What the parent says at the start. */
export interface ChildSetup {
  readonly file: string
  readonly dump?: string | undefined
  /** 0 for any. */
  readonly port: number
}

/** What the parent asks for, each with a number. */
export type ChildRequest =
  | { readonly id: number; readonly kind: 'endOpenTransactions' }
  | { readonly id: number; readonly kind: 'dump'; readonly file: string }

export interface ChildAnswer {
  readonly id: number
  readonly result?: unknown
  readonly problem?: string
}

/** The number of the answer that tells the port. */
export const READY = 0

if (process.send !== undefined) void run(JSON.parse(process.argv[2] ?? '{}') as ChildSetup)

async function run({ file, dump, port }: ChildSetup): Promise<void> {
  process.on('disconnect', () => process.exit(0))
  try {
    const db = await loadPglite({ file, dump })
    const front = await WireFront.listen(rawOf(db), port)
    process.on('message', (request: ChildRequest) => void answer(request, db, front))
    tell({ id: READY, result: front.port })
  } catch (error) {
    tell({ id: READY, problem: reasonOf(error) })
  }
}

async function answer(request: ChildRequest, db: PGlite, front: WireFront): Promise<void> {
  const { id } = request
  try {
    tell({ id, result: request.kind === 'dump' ? await dumpTo(db, request.file) : await front.endOpenTransactions() })
  } catch (error) {
    tell({ id, problem: reasonOf(error) })
  }
}

function rawOf(db: PGlite): SendRaw {
  return (bytes) => db.runExclusive(async () => Buffer.from(await db.execProtocolRaw(new Uint8Array(bytes))))
}

function tell(message: ChildAnswer): void {
  process.send?.(message)
}
