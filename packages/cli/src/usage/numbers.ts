import { InvalidArgumentError, Option } from 'commander'

export function limitOption(description: string): Option {
  return new Option('--limit <n>', description).argParser(parseCount).conflicts('all')
}

/** @throws InvalidArgumentError */
export function parseCount(text: string): number {
  return parseWhole(text, 10_000)
}

/** The bounds of `history.runs`. @throws InvalidArgumentError */
export function parseRuns(text: string): number {
  return parseWhole(text, 1000)
}

function parseWhole(text: string, max: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && value <= max) return value
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${max}.`)
}
