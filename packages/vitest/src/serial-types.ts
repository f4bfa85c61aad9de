import type { HeldTime, SerialClaim, SerialTarget } from '@heddle/core/serial'
import type { SuiteAPI, SuiteFactory, TestAPI, TestFunction, TestOptions } from 'vitest'

export type { SerialOptions, SerialTarget } from '@heddle/core/serial'

/** What Vitest accepts as a name. */
// oxlint-disable-next-line typescript/no-unsafe-function-type
type Name = string | Function

type TestModifier =
  | 'only'
  | 'skip'
  | 'todo'
  | 'fails'
  | 'concurrent'
  | 'sequential'
  | 'each'
  | 'for'
  | 'skipIf'
  | 'runIf'
type SuiteModifier = Exclude<TestModifier, 'fails'> | 'shuffle'

/** Whatever of `K` this Vitest has. */
type Modifiers<API, K> = Pick<API, Extract<keyof API, K>>

interface RegisterTest {
  (name: Name, fn: TestFunction, timeoutMs?: number): void
  (name: Name, options: TestOptions, fn?: TestFunction): void
}

interface RegisterSuite {
  (name: Name, factory: SuiteFactory, timeoutMs?: number): unknown
  (name: Name, options: TestOptions, factory: SuiteFactory): unknown
}

interface RegisterKeyedSuite {
  (target: SerialTarget, name: Name, factory: SuiteFactory): unknown
  (target: SerialTarget, name: Name, options: TestOptions, factory: SuiteFactory): unknown
}

/** What `serial('ledger')` gives: Vitest's `test`, holding the key. */
export type KeyedSerial = RegisterTest &
  Modifiers<TestAPI, TestModifier> & {
    /** A block that holds the key from before its first `beforeAll` to after its last `afterAll`. */
    readonly describe: RegisterSuite & Modifiers<SuiteAPI, SuiteModifier>
  }

/** `serial` and `serial.shared`. */
export type UnkeyedSerial = RegisterTest &
  Modifiers<TestAPI, TestModifier> & {
    /** Tests of one key, or of several. */
    (target: SerialTarget): KeyedSerial
    /** A block that is held from before its first `beforeAll` to after its last `afterAll`, unless no test of it runs. */
    readonly describe: RegisterKeyedSuite & RegisterSuite & Modifiers<SuiteAPI, SuiteModifier>
    /**
     * The whole file holds the key, from before its first line runs to after its last `afterAll`. It is read from the
     * source: a literal, on a line of its own. `@serial ledger` in a comment at the top does the same.
     *
     * @throws HeddleError `HEDDLE_SERIAL_INVALID`
     */
    file(target?: SerialTarget): void
  }

/** The type of {@link serial}. */
export type Serial = UnkeyedSerial & {
  /** As `serial`, together with other shared tests of the key, but never with one that is not shared. */
  readonly shared: UnkeyedSerial
}

declare module 'vitest' {
  interface TaskMeta {
    /** What a test holds while it runs. Vitest 4.1 and later take it as an option: `test(name, { meta: { serial: 'ledger' } }, fn)`. */
    serial?: SerialTarget | SerialClaim
    /** What heddle measured. */
    heddle?: {
      /** How long the test, or all of the file, waited for serial tests and for groups, ms. */
      readonly waitMs: number
      /** How long a file held what it and its tests took in its worker. */
      readonly held?: readonly HeldTime[]
    }
  }
}
