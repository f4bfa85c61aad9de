import type { describe, test } from '@jest/globals'
import type { SerialTarget } from '@heddle/core/serial'

/** The types are those of the Jest that is installed. */
type Test = typeof test
type Describe = typeof describe

/** Jest's `test`, as far as it goes together with a key: no `concurrent`. */
export interface SerialTest extends Pick<Test, 'each' | 'only' | 'skip' | 'todo' | 'failing'> {
  (...args: Parameters<Test>): void
}

/** What `serial(key)` gives. */
export interface BoundSerial extends SerialTest {
  /** A block that holds the key from before its first to after its last hook. */
  readonly describe: Describe
}

/** Jest's `describe`, optionally with a key before the name. */
export interface SerialDescribe extends Pick<Describe, 'each' | 'only' | 'skip'> {
  (...args: Parameters<Describe>): void
  (key: SerialTarget, ...args: Parameters<Describe>): void
}

interface UnboundSerial extends SerialTest {
  (key: SerialTarget): BoundSerial
  readonly describe: SerialDescribe
  /** On a line of its own, with the keys in quotes: it is read before the file runs. */
  file(key?: SerialTarget): void
}

/** See {@link serial}. */
export interface Serial extends UnboundSerial {
  /** Together with other shared ones, but not with any that is not. */
  readonly shared: UnboundSerial
}
