import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryDir } from '../fixtures/directories.js'
import { start } from './child.js'

/**
 * Files, blocks and tests, some of them concurrent, that claim groups and keys at random, of as few as possible. What is
 * refused is left out; the rest must end. A wait that lasts too long fails.
 */
const RUN_FILES = `
  const { acquireGroups, threadLeases } = require('@heddle/core/leases')
  const { claimOf, claimOfBlock, FileClaims } = require('@heddle/core/serial')
  const input = JSON.parse(process.argv[1])
  const leases = threadLeases({ root: process.cwd(), runId: 'order' })
  const random = (n) => Math.floor(Math.random() * n)
  const pick = (list, likely) => list.filter(() => random(10) < likely)
  const groups = [
    { name: 'd', limit: 1, scope: 'run' },
    { name: 'a', limit: 2, scope: 'workspace' },
    { name: 'b', limit: 1, scope: 'workspace' },
    { name: 'a', limit: 1, scope: 'machine' },
  ]
  const someGroups = (likely) => pick(groups, likely)
    .filter(({ name }, i, all) => all.findIndex((other) => other.name === name) === i)
    .map((group) => ({ ...group, permits: group.limit === 1 || random(3) === 0 ? 'all' : 1 }))
  const someSerial = (likely) => {
    if (random(10) >= likely) return undefined
    const keys = pick(['x', 'y', 'z'], 4)
    const mode = random(3) === 0 ? 'shared' : 'exclusive'
    return claimOf({ key: keys.length === 0 ? undefined : keys, timeoutMs: 40_000 }, mode)
  }
  const rest = () => new Promise((resolve) => setTimeout(resolve, random(3)))
  const isRefused = ({ code }) => code === 'HEDDLE_GROUP_ORDER' || code === 'HEDDLE_SERIAL_INVALID'
  let [count, refused] = [0, 0]

  const holding = async (claims, { claim, outer, body }) => {
    let held
    try {
      held = await claims.hold(claim, { id: String(count++), test: 'one' }, outer)
    } catch (error) {
      if (!isRefused(error)) throw error
      return void refused++
    }
    await rest()
    await body?.()
    await held.release()
  }

  const runFile = async () => {
    const fileGroups = someGroups(3)
    const own = await acquireGroups(leases, fileGroups, { timeoutMs: 40_000 })
    const claims = new FileClaims(leases, 'file', { groups: fileGroups, slots: own.slots })
    const runTests = async (tests, outer) => {
      for (const claim of tests) await holding(claims, { claim, outer })
      await Promise.all(tests.map((claim) => holding(claims, { claim, outer })))
    }
    const someTests = () => Array.from({ length: 3 }, () => ({ groups: someGroups(3), serial: someSerial(3) }))
    const body = async (outer) => {
      await runTests(someTests(), outer)
      const tests = someTests()
      const claim = claimOfBlock({ groups: [], serial: someSerial(10) }, tests)
      await holding(claims, { claim, outer, body: () => runTests(tests, [claim, ...outer]) })
    }
    const claim = { groups: [], serial: someSerial(3) }
    await (claim.serial === undefined ? body([]) : holding(claims, { claim, outer: [], body: () => body([claim]) }))
    await own.release()
  }

  const main = async () => {
    for (let round = 0; round < input.files; round++) await runFile()
    console.log(JSON.stringify({ count, refused }))
  }
  main().catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
`

test('files, blocks and tests that claim what the order allows never wait for each other for ever', async () => {
  const env = { ...process.env, HEDDLE_LOCK_DIR: join(temporaryDir(), 'locks') }
  const children = Array.from({ length: 6 }, (): ChildProcess => start(RUN_FILES, { files: 12 }, env))
  onTestFinished(() => {
    for (const child of children) child.kill('SIGKILL')
  })
  await Promise.all(children.map(async (child) => once(child, 'exit')))
  expect(children.map(({ exitCode }) => exitCode)).toEqual(children.map(() => 0))
})
