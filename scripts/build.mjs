// Compiles one package into dist/, and joins what its entries load into one file each: test workers load them over and
// over, and to find and read a file costs more than to run it.
//
//   node build.mjs [--join index.js,worker/setup.js] [--apart wiring.js] [--only]
//
// --join   entries to be joined, relative to dist
// --apart  files that stay files of their own, because they are loaded later or hold state
// --only   removes all other files: nothing loads them any more
import { execFileSync } from 'node:child_process'
import { appendFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const {
  join: joined = '',
  apart = '',
  only,
} = parseArgs({
  options: { join: { type: 'string' }, apart: { type: 'string' }, only: { type: 'boolean' } },
}).values
const requireHere = createRequire(import.meta.url)
const dist = resolve('dist')
const filesIn = (list) => (list === '' ? [] : list.split(',').map((file) => join(dist, file)))
const entries = filesIn(joined)
const others = filesIn(apart)

// tsc never removes what it no longer emits.
rmSync(dist, { recursive: true, force: true })
const tsc = join(dirname(requireHere.resolve('typescript/package.json')), 'bin', 'tsc')
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' })

if (entries.length > 0) {
  const { rolldown } = await import('rolldown')
  const isModule = requireHere(resolve('package.json')).type === 'module'
  const codes = await Promise.all(entries.map(joinInto))
  for (const [i, entry] of entries.entries()) writeFileSync(entry, codes[i])
  const modules = readdirSync(dist, { recursive: true }).filter((file) => file.endsWith('.js'))
  const rest = modules.map((file) => join(dist, file)).filter((file) => ![...entries, ...others].includes(file))
  if (only) for (const file of rest) rmSync(file)
  if (!isModule) for (const entry of entries) appendFileSync(entry, namesOf(entry))

  /** By them `import { name }` finds what is exported: Node looks for it in the text, without running it. */
  function namesOf(entry) {
    return `0 && (module.exports = { ${Object.keys(requireHere(entry)).join(', ')} });\n`
  }

  async function joinInto(entry) {
    const bundle = await rolldown({
      input: entry,
      platform: 'node',
      // What another package is, or stays a file, is loaded by its path from here.
      external: (id, importer) =>
        importer !== undefined && (!/^[./]/.test(id) || others.includes(resolve(dirname(importer), id))),
      treeshake: false,
    })
    const { output } = await bundle.generate({ format: isModule ? 'es' : 'cjs', codeSplitting: false, comments: false })
    if (output.length !== 1) throw new Error(`${relative(dist, entry)} became ${output.length} files`)
    return output[0].code
  }
}
