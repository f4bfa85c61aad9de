import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

const here = resolve(import.meta.dirname, '..')

test('gives the plugin to import', () => {
  const script = `import heddle from '@heddle/vitest'; console.log(heddle().name)`
  expect(node('--input-type=module', '-e', script)).toBe('heddle')
})

test('gives the plugin to require, for configs that are compiled to CommonJS', () => {
  expect(node('-e', `console.log(require('@heddle/vitest').default().name)`)).toBe('heddle')
})

function node(...args: string[]): string {
  return execFileSync(process.execPath, ['--no-warnings', ...args], { cwd: here, encoding: 'utf8' }).trim()
}
