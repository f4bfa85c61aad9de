/** A host as e2e runs it: the newest patch of each supported major, on the Node that it needs. */
export interface Host {
  readonly name: 'vitest' | 'jest'
  readonly version: string
  /** Packages to install beside heddle. */
  readonly install: readonly string[]
  /** Whether the machine's own Node is too old for it. */
  readonly needsNewerNode: boolean
  /** Tells apart what is installed in different ways. @default '' */
  readonly variant?: string
}

/** Brings the Node binary for hosts that need a newer one than this machine has. */
export const NEWER_NODE = 'node@24.21.0'

/** An environment of tests beside the host's own. */
const JSDOM = 'jsdom@26.1.0'

const vitest = (version: string, needsNewerNode = false): Host => ({
  name: 'vitest',
  version,
  install: [`vitest@${version}`, JSDOM, ...(needsNewerNode ? [NEWER_NODE] : [])],
  needsNewerNode,
})

/** What Jest users compile TypeScript with. */
const COMPILERS = ['ts-jest@29.4.15', 'typescript@5.9.3', '@swc/jest@0.2.39', '@swc/core@1.16.22']

const jest = (version: string): Host => ({
  name: 'jest',
  version,
  install: [`jest@${version}`, `jest-environment-jsdom@${version}`, ...COMPILERS],
  needsNewerNode: false,
})

export const VITEST_HOSTS: readonly Host[] = [vitest('3.2.7'), vitest('4.1.12'), vitest('5.1.1', true)]
export const JEST_HOSTS: readonly Host[] = [jest('29.7.0'), jest('30.5.2')]
