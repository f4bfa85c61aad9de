import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { detectHost, listTestFiles } from './list-test-files.js'
import { captureTerminal } from './testing/capture-terminal.js'
import { createTempWorkspace, fakeJest, fakeVitest, wiredVitest } from './testing/temp-workspace.js'

const request = (dir: string, args: readonly string[] = []) => ({ host: undefined, args, workspace: dir })

it('hands arguments on to the host', async () => {
  const { dir, write, installHost } = createTempWorkspace()
  write('vitest.config.ts')
  installHost('vitest', fakeVitest({ 'a.test.ts': '', 'b.test.ts': '' }))
  const { files, host, isWired } = await listTestFiles(request(dir, ['b.test']), captureTerminal(dir))
  expect([host, isWired, files.map(({ key }) => key)]).toEqual(['vitest', false, ['b.test.ts']])
})

it('believes heddle in the host rather than the host, because it also knows groups', async () => {
  const { dir, write, installHost } = createTempWorkspace()
  write('vitest.config.ts')
  const postgres = { name: 'postgres', limit: 2, scope: 'run' } as const
  const demand = { groups: [{ group: 'postgres', mode: 'shared' }], weight: 2, priority: 0 } as const
  installHost(
    'vitest',
    wiredVitest(['a.test.ts', 'b.test.ts'], { groups: [postgres], demands: { 'a.test.ts': demand } }),
  )
  const listed = await listTestFiles(request(dir), captureTerminal(dir))
  expect([listed.isWired, listed.groups]).toEqual([true, [postgres]])
  expect(listed.files.map(({ demand: { groups } }) => groups.length)).toEqual([1, 0])
})

it('says what a host without a list should have done', async () => {
  const { dir, write, installHost } = createTempWorkspace()
  write('vitest.config.ts')
  installHost('vitest', '')
  await expect(listTestFiles(request(dir), captureTerminal(dir))).rejects.toThrow(
    /^HEDDLE_HOST_FAILED: .* of vitest: it wrote no list\nFix: check that `vitest list --filesOnly --json=files\.json` writes/,
  )
})

it('keeps what the host says off both streams as long as all goes well', async () => {
  const { dir, write, installHost } = createTempWorkspace()
  write('vitest.config.ts')
  installHost('vitest', fakeVitest({ 'a.test.ts': '' }))
  const terminal = captureTerminal(dir)
  await listTestFiles(request(dir), terminal)
  expect([terminal.out(), terminal.err()]).toEqual(['', ''])
})

it('shows what the host said when it failed', async () => {
  const { dir, write, installHost } = createTempWorkspace()
  write('jest.config.js')
  installHost('jest', 'console.error("no such option"); process.exitCode = 1')
  const terminal = captureTerminal(dir)
  await expect(listTestFiles(request(dir), terminal)).rejects.toThrow(
    /^HEDDLE_HOST_FAILED: Cannot list the test files of jest: it ended with code 1\nFix: see its output above/,
  )
  expect(terminal.err()).toBe('no such option\n')
})

it('knows that a Jest without a list is a Jest without heddle', async () => {
  const { dir, write, installHost } = createTempWorkspace()
  write('jest.config.js')
  installHost('jest', 'console.log("/some/a.test.js")')
  const terminal = captureTerminal(dir)
  await expect(listTestFiles(request(dir), terminal)).rejects.toThrow(
    /^HEDDLE_HOST_FAILED: .* of jest: heddle is not in its config\nFix: .*withHeddle/,
  )
  expect(terminal.err()).toBe('')
})

it('refuses to plan without files', async () => {
  const { dir, write, installHost } = createTempWorkspace()
  write('jest.config.js')
  installHost('jest', fakeJest([]))
  await expect(listTestFiles(request(dir, ['nosuch', 'x']), captureTerminal(dir))).rejects.toThrow(
    'HEDDLE_USAGE: Cannot plan: jest finds no test files with "nosuch x"',
  )
})

it.each([['--shard=1/2'], ['--shard', '1/2']])('refuses %s, which would list one shard only', async (...args) => {
  const { dir } = createTempWorkspace()
  await expect(listTestFiles(request(dir, args), captureTerminal(dir))).rejects.toThrow(
    'HEDDLE_USAGE: Cannot plan with "--shard"',
  )
})

it('says that a host is not installed', async () => {
  const { dir, write } = createTempWorkspace()
  write('vitest.config.ts')
  await expect(listTestFiles(request(dir), captureTerminal(dir))).rejects.toThrow(
    `HEDDLE_HOST_NOT_FOUND: Cannot run vitest in "${dir}": it is not installed there`,
  )
})

it('leaves nothing behind in the temporary directory', async () => {
  const { dir, write, installHost } = createTempWorkspace()
  write('jest.config.js')
  installHost('jest', 'process.exit(1)')
  const TMPDIR = write('tmp/.keep').replace('/.keep', '')
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = TMPDIR
  try {
    expect(tmpdir()).toBe(TMPDIR)
    await expect(listTestFiles(request(dir), captureTerminal(dir))).rejects.toThrow('HEDDLE_HOST_FAILED')
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
  expect(readdirSync(TMPDIR)).toEqual(['.keep'])
})

it('finds the host by its config file', () => {
  const { dir, write } = createTempWorkspace()
  write('jest.config.js')
  expect(detectHost(dir)).toBe('jest')
})

it('takes a Vite config beside a Jest config for an app without Vitest', () => {
  const { dir, write, installHost } = createTempWorkspace()
  write('vite.config.ts')
  write('jest.config.js')
  expect(detectHost(dir)).toBe('jest')
  installHost('vitest', '')
  expect(() => detectHost(dir)).toThrow('HEDDLE_USAGE')
})

it('asks which host when there are two', () => {
  const { dir, write } = createTempWorkspace()
  write('vitest.config.ts')
  write('package.json', '{"jest":{}}')
  expect(() => detectHost(dir)).toThrow(
    /^HEDDLE_USAGE: .* there are vitest\.config\.ts and package\.json\nFix: name the host: `--host vitest` or `--host jest`\./,
  )
})

it('asks for a host when there is none', () => {
  const { dir } = createTempWorkspace()
  expect(() => detectHost(dir)).toThrow('HEDDLE_HOST_NOT_FOUND')
})

it('needs no config file if the host is named', async () => {
  const { dir, installHost } = createTempWorkspace()
  installHost('vitest', fakeVitest({ 'a.test.ts': '' }))
  const { files } = await listTestFiles({ ...request(dir), host: 'vitest' }, captureTerminal(dir))
  expect(files).toHaveLength(1)
})
