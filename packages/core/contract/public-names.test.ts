import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { resultOf, start, startModule } from './child.js'

/** Every value that src/index.ts lists; types leave no trace in the package. */
function publicNames(): string[] {
  const index = readFileSync(join(__dirname, '../src/index.ts'), 'utf8')
  return [...index.matchAll(/export \{([^}]*)\}/g)]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '))
    .sort()
}

test('the list of public names is not empty', () => {
  expect(publicNames()).toEqual(expect.arrayContaining(['HeddleError', 'openSession', 'planShards', 'RunRecorder']))
})

test('require gives every public name and no other', async () => {
  const names = await resultOf(start("console.log(JSON.stringify(Object.keys(require('@heddle/core')).sort()))"))
  expect(names).toEqual(publicNames())
})

test('import gives every public name, to be imported by name', async () => {
  const code = `
    const core = await import('@heddle/core')
    console.log(JSON.stringify(Object.keys(core).sort()))`
  const names = await resultOf(startModule(code))
  expect(names).toEqual(expect.arrayContaining(publicNames()))
  const byName = `
    import { ${publicNames().join(', ')} } from '@heddle/core'
    console.log(JSON.stringify([${publicNames().join(', ')}].map((value) => typeof value)))`
  expect(await resultOf(startModule(byName))).not.toContain('undefined')
})

test('require and import give the same objects, so there is one of each class', async () => {
  const code = `
    import { createRequire } from 'node:module'
    import * as imported from '@heddle/core'
    const required = createRequire(import.meta.url)('@heddle/core')
    const isSame = Object.keys(required).every((name) => required[name] === imported[name])
    console.log(JSON.stringify({ isSame, names: Object.keys(required).length }))`
  expect(await resultOf(startModule(code))).toEqual({ isSame: true, names: publicNames().length })
})

test('the package loads without what only few runs need', async () => {
  const code = `
    require('@heddle/core')
    const loaded = Object.keys(require.cache)
    console.log(JSON.stringify(['proper-lockfile', 'jiti', 'valibot', 'picomatch'].filter((name) => loaded.some((file) => file.includes('/node_modules/' + name + '/')))))`
  expect(await resultOf(start(code))).toEqual([])
})

test('a worker learns of groups without what only the main process needs', async () => {
  const code = `
    require('@heddle/core/serial')
    const loaded = Object.keys(require.cache)
    console.log(JSON.stringify(['picomatch', 'valibot', 'lilconfig'].filter((name) => loaded.some((file) => file.includes('/node_modules/' + name + '/')))))`
  expect(await resultOf(start(code))).toEqual([])
})

test('what failed starts first by default, but not in CI', async () => {
  const code = "console.log(JSON.stringify(require('@heddle/core').resolveHeddleOptions({}).failedFirst))"
  expect(await resultOf(start(code, null, { PATH: process.env['PATH'] }))).toBe(true)
  expect(await resultOf(start(code, null, { PATH: process.env['PATH'], CI: 'true' }))).toBe(false)
})
