import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
const PAGES = [
  'README.md',
  'AGENTS.md',
  ...markdownIn('docs'),
  ...markdownIn('benchmarks'),
  ...readdirSync(join(ROOT, 'packages')).flatMap((name) => markdownIn(`packages/${name}`)),
]

test.each(PAGES)('what %s shows of an example is in that example', (page) => {
  for (const { file, code } of examplesIn(textOf(page))) {
    expect(existsSync(join(ROOT, file)), `${page} names ${file}`).toBe(true)
    for (const part of code.split(/^\s*\/\/ …\n/m)) expect(textOf(file), page).toContain(part.trim())
  }
})

test.each(PAGES)('every link of %s leads to a page and a section that are there', (page) => {
  for (const { file, section } of linksIn(page)) {
    expect(existsSync(join(ROOT, file)), `${page} links to ${file}`).toBe(true)
    if (section !== undefined) expect(sectionsOf(textOf(file)), `${page} links to ${file}`).toContain(section)
  }
})

test('the pages show examples of both hosts', () => {
  const shown = PAGES.flatMap((page) => examplesIn(textOf(page)).map(({ file }) => file))
  expect(shown.filter((file) => file.startsWith('examples/vitest-fixtures/')).length).toBeGreaterThan(5)
  expect(shown.filter((file) => file.startsWith('examples/jest-fixtures/')).length).toBeGreaterThan(0)
})

/** Code blocks whose first line names their file. `// …` stands for what is left out. */
function examplesIn(text: string): { readonly file: string; readonly code: string }[] {
  const blocks = text.matchAll(/^```\w+\n\/\/ (examples\/\S+)\n([^]*?)^```$/gm)
  return Array.from(blocks, ([, file = '', code = '']) => ({ file, code }))
}

function linksIn(page: string): { readonly file: string; readonly section: string | undefined }[] {
  const links = withoutCode(textOf(page)).matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)
  return Array.from(links, ([, path = '', section]) => ({
    file: path === '' ? page : relative(ROOT, resolve(ROOT, dirname(page), path)),
    section,
  }))
}

/** The names that GitHub gives to headings. */
function sectionsOf(text: string): string[] {
  const headings = withoutCode(text).matchAll(/^#+ (.*)$/gm)
  return Array.from(headings, ([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[^]*?^```$/gm, '')
}

function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}

function markdownIn(dir: string): string[] {
  return readdirSync(join(ROOT, dir), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => join(dir, name))
}
