import { readdirSync, readFileSync } from 'node:fs'

const DIRECTORY = new URL('../traces/', import.meta.url)

/** The measured durations of real suites, see traces/README.md. */
export function readTraces() {
  return readdirSync(DIRECTORY)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readTrace(name.replace('.json', '')))
}

export function readTrace(name) {
  const { files } = JSON.parse(readFileSync(new URL(`${name}.json`, DIRECTORY), 'utf8'))
  return {
    name,
    keys: files.map(([key]) => key),
    durations: new Map(files.map(([key, durationMs]) => [key, durationMs])),
    sizes: new Map(files.map(([key, , bytes]) => [key, bytes])),
  }
}
