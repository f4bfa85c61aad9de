import { describe, expect, it } from 'vitest'
import { jobKey } from '@heddle/core'
import { HOSTS } from './host.js'
import { createTempWorkspace } from './testing/temp-workspace.js'

describe('vitest', () => {
  it.each(['vitest.config.ts', 'vitest.config.mjs', 'vitest.workspace.js'])('is configured in %s', (file) => {
    const { dir, write } = createTempWorkspace()
    write(file)
    expect(HOSTS.vitest.configIn(dir, false)).toBe(file)
  })

  it('is configured in a Vite config only where it is installed', () => {
    const { dir, write } = createTempWorkspace()
    write('vite.config.ts')
    expect(HOSTS.vitest.configIn(dir, true)).toBe('vite.config.ts')
    expect(HOSTS.vitest.configIn(dir, false)).toBeUndefined()
  })

  it('lists files of named projects and of the unnamed one', () => {
    const { dir, write } = createTempWorkspace()
    const list = write(
      'list.json',
      JSON.stringify([{ file: `${dir}/a.test.ts` }, { file: `${dir}/p/b.test.ts`, projectName: 'p' }]),
    )
    expect(HOSTS.vitest.readAlone?.(list, dir).files.map(({ key }) => key)).toEqual([
      'a.test.ts',
      jobKey('p', 'p/b.test.ts'),
    ])
  })

  it.each(['{}', '[{"name":"no file"}]', 'not JSON'])('refuses the list %s', (text) => {
    const { dir, write } = createTempWorkspace()
    const list = write('list.json', text)
    expect(() => HOSTS.vitest.readAlone?.(list, dir)).toThrow(
      /^HEDDLE_HOST_FAILED: Cannot read the list of test files of vitest: /,
    )
  })
})

describe('jest', () => {
  it.each(['jest.config.ts', 'jest.config.cjs', 'jest.config.json'])('is configured in %s', (file) => {
    const { dir, write } = createTempWorkspace()
    write(file)
    expect(HOSTS.jest.configIn(dir, false)).toBe(file)
  })

  it('is configured in package.json if that has a part for it', () => {
    const { dir, write } = createTempWorkspace()
    write('package.json', '{"jest":{}}')
    expect(HOSTS.jest.configIn(dir, false)).toBe('package.json')
  })

  it.each(['{}', '[]', 'null', '{'])('is not configured in the package.json %s', (text) => {
    const { dir, write } = createTempWorkspace()
    write('package.json', text)
    expect(HOSTS.jest.configIn(dir, false)).toBeUndefined()
  })
})
