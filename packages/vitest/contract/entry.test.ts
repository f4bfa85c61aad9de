import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

const here = resolve(import.meta.dirname, '..')

/** Tells every ES module that is loaded; those of core are CommonJS. */
const HOOKS = `
import { writeSync } from 'node:fs'
export async function load(url, context, next) { writeSync(1, url + '\\n'); return next(url, context) }
`
const SCRIPT = `
import { createRequire, register } from 'node:module'
register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(HOOKS)}`)})
await import('@heddle/vitest')
for (const file of Object.keys(createRequire(import.meta.resolve('@heddle/vitest')).cache)) console.log(file)
`

test('a test file that imports heddle loads two files: nothing of Vitest, of core or of what only the main process needs', () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    cwd: here,
    encoding: 'utf8',
  })
  const loaded = stdout.split('\n').map((file) => /\/(core|vitest)\/(?:dist\/)?(.*)$/.exec(file)?.slice(1).join(' '))
  expect(status, stderr).toBe(0)
  expect(loaded.filter(Boolean)).toEqual(['vitest index.js', 'vitest load-core.js'])
  expect(stdout).not.toMatch(/node_modules\/vitest\//)
})
