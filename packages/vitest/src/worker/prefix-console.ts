import { loadFixtures } from '../load-core.js'

/** Where a console of Node writes its lines to; Vitest's own is one, too. */
interface WritingConsole {
  _stdout: Stream
  _stderr: Stream
}

type Stream = Pick<NodeJS.WritableStream, 'write'> & { readonly [PREFIXED]?: Stream }

/** The stream behind one that puts prefixes: a console may be shared by all files of a worker. */
const PREFIXED = Symbol.for('heddle.vitest.prefixed')

/** Puts a prefix before each line that this console writes from now on, instead of the one it put before. */
export function prefixConsole(console: object, prefix: () => string): void {
  const target = console as WritingConsole
  target._stdout = prefixed(target._stdout, prefix)
  target._stderr = prefixed(target._stderr, prefix)
}

function prefixed(stream: Stream, prefix: () => string): Stream {
  const { prefixLines } = loadFixtures()
  const original = stream[PREFIXED] ?? stream
  const write = (text: string, ...rest: never[]): boolean => original.write(prefixLines(text, prefix()), ...rest)
  return new Proxy(original, {
    get(_, key) {
      if (key === PREFIXED) return original
      if (key === 'write') return write
      const value: unknown = Reflect.get(original, key, original)
      return typeof value === 'function' ? (value.bind(original) as unknown) : value
    },
  })
}
