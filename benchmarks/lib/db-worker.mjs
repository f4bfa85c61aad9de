// The worker of a run, in a process of its own: does tests on one resource after the other, as its parent asks, and tells how
// long each waited for a clean database.
import { setTimeout as delay } from 'node:timers/promises'
import { WorkerResources } from '@heddle/core/fixtures'
import { Client } from 'pg'
import { doTest } from './db-schema.mjs'

const files = new Map()
process.on('message', (request) => void answer(request))
process.on('disconnect', () => process.exit(0))
process.send({ id: 0 })

async function answer({ id, settings, name, slot, lastsMs = 0 }) {
  try {
    if (!files.has(name)) files.set(name, await open({ settings, name, slot }))
    process.send({ id, times: await test(files.get(name), name, lastsMs) })
  } catch (error) {
    process.send({ id, problem: String(error?.stack ?? error) })
  }
}

async function open({ settings, name, slot }) {
  const worker = new WorkerResources({
    settings,
    workerId: `bench${slot}`,
    slot: () => slot,
    print: (line) => console.error(line),
  })
  const startedAt = performance.now()
  const file = await worker.openFile({ file: `${name}.test.ts`, path: `${settings.root}/${name}.test.ts` })
  return { file, openMs: performance.now() - startedAt, client: undefined, url: undefined }
}

/** @returns ms: to get it clean, the test itself, what comes after it */
async function test(opened, name, lastsMs) {
  const { file, openMs } = opened
  const attempt = {}
  const startedAt = performance.now()
  await file.beginTest(attempt, 'a test')
  const begunAt = performance.now()
  const handle = file.handleOf(name, attempt)
  await doTest(await clientOf(opened, handle), handle.client !== undefined)
  if (lastsMs > 0) await delay(lastsMs)
  const doneAt = performance.now()
  const { failures } = await file.endTest(attempt, { test: 'a test', hasFailed: false })
  if (failures.length > 0) throw failures[0]
  return { openMs, begin: begunAt - startedAt, body: doneAt - begunAt, end: performance.now() - doneAt }
}

/** That of the handle (rollback), else one connection for as long as the URL is the same, as pools of the code under test. */
async function clientOf(opened, handle) {
  if (handle.client !== undefined) return handle.client
  if (opened.url === handle.url) return opened.client
  await opened.client?.end().catch(() => undefined)
  opened.url = handle.url
  opened.client = new Client({ connectionString: handle.url })
  opened.client.on('error', () => undefined)
  await opened.client.connect()
  return opened.client
}
