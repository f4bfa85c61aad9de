import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { runBin, type Ended } from './run-bin.js'

const CORE = fileURLToPath(new URL('../../core/dist/index.js', import.meta.url))

/** Directories as a resource: those of the names are of dead runs, but for `used`. */
const CONFIG = `
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import core from ${JSON.stringify(CORE)}

const dirOf = ({ root }) => join(root, 'stores')
const stores = core.defineResource({
  kind: 'store',
  create: () => ({}),
  admin: {
    status: async (at) =>
      readdirSync(dirOf(at)).map((name, i) => ({
        kind: 'worker',
        name,
        slot: i + 1,
        state: name === 'used' ? 'in use' : 'dead',
        url: 'store://ann:secret@here/' + name,
      })),
    clean: async (at, { isDryRun }) => {
      const dead = readdirSync(dirOf(at)).filter((name) => name !== 'used')
      if (!isDryRun) for (const name of dead) rmSync(join(dirOf(at), name), { recursive: true })
      return dead
    },
  },
})
export default { resources: { stores } }
`

function createWorkspace(): { readonly dir: string; readonly heddle: (...args: string[]) => Promise<Ended> } {
  const dir = mkdtempSync(join(tmpdir(), 'heddle-cli-db-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  for (const name of ['.git', 'stores/a', 'stores/used']) mkdirSync(join(dir, name), { recursive: true })
  writeFileSync(join(dir, 'heddle.config.mjs'), CONFIG)
  return { dir, heddle: (...args) => runBin(dir, args) }
}

it('shows and cleans what the resources of the config have left, and ends', async () => {
  const { dir, heddle } = createWorkspace()
  expect(await heddle('db', 'status')).toEqual({
    code: 0,
    out: `stores, store
KIND    STATE   SLOT  NAME  URL
worker  dead       1  a     store://ann:***@here/a
worker  in use     2  used  store://ann:***@here/used
`,
    err: '',
  })
  expect(await heddle('db', 'url', '--slot', '2')).toMatchObject({ code: 0, out: 'store://ann:secret@here/used\n' })
  expect(await heddle('clean', '--dry-run')).toMatchObject({ code: 0, out: 'Would remove 1:\n- stores: a\n' })
  expect(readdirSync(join(dir, 'stores'))).toEqual(['a', 'used'])
  expect(await heddle('clean')).toMatchObject({ code: 0, out: 'Removed 1:\n- stores: a\n' })
  expect(readdirSync(join(dir, 'stores'))).toEqual(['used'])
})

it('asks nobody where there is no terminal', async () => {
  const { heddle } = createWorkspace()
  expect(await heddle('clean', '--all')).toMatchObject({
    code: 2,
    err: expect.stringContaining('then add --yes') as string,
  })
})
