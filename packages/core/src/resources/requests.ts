import type { Thrown } from '../fixtures/shared/thrown.js'
import type { EndedTest, PerTest } from './resource.js'

/** What a worker is given of one instance. */
export interface GivenInstance {
  /** Tells it from all others of the run. */
  readonly number: number
  readonly value: object
  readonly env: Readonly<Record<string, string>>
}

/** What a worker learns of a resource that its file uses. */
export interface GivenResource {
  readonly name: string
  readonly perTest: PerTest
  readonly calls: readonly string[]
  /** See {@link ResourceDefinition.worker}. */
  readonly worker: string | undefined
  readonly canReset: boolean
  /** Whether the main process has to know when an attempt has ended. */
  readonly looksAfterTests: boolean
  readonly instance: GivenInstance
}

export interface FileRequest {
  /** As people know it. */
  readonly file: string
  /** Absolute. */
  readonly path: string
  readonly slot: number
}

export interface BeginRequest {
  /** Another for each in the file. */
  readonly attempt: number
  /** What is to be made clean, and how: `reset` or `clone`. */
  readonly modes: Readonly<Record<string, PerTest>>
}

export interface EndRequest {
  readonly attempt: number
  readonly test: EndedTest
  /** Of the resources that are to be looked after. */
  readonly names: readonly string[]
  /** Those of them in which other tests go on. */
  readonly shared: readonly string[]
}

export interface PlainRemains {
  readonly failures: readonly Thrown[]
  readonly kept: readonly string[]
}

export interface CallRequest {
  readonly name: string
  /** Of the instance. */
  readonly number: number
  readonly call: string
  readonly args: readonly unknown[]
}

/** What workers ask of the main process, and what it answers. Structured clones of all of it cross processes. */
export interface ResourceRequests {
  readonly open: (request: FileRequest) => readonly GivenResource[]
  /** The file will want clones of these. */
  readonly prefetch: (names: readonly string[]) => void
  /** @returns the instances that the attempt has, of those named in `modes` */
  readonly begin: (request: BeginRequest) => Readonly<Record<string, GivenInstance>>
  readonly end: (request: EndRequest) => PlainRemains
  readonly call: (request: CallRequest) => unknown
  readonly close: (request: undefined) => void
}

export type RequestKind = keyof ResourceRequests
export type AskedWith<K extends RequestKind> = Parameters<ResourceRequests[K]>[0]
export type AnsweredWith<K extends RequestKind> = ReturnType<ResourceRequests[K]>

/** From a worker. */
export interface RequestMessage {
  readonly id: number
  readonly kind: RequestKind
  readonly body: unknown
}

/** From the main process. */
export interface AnswerMessage {
  readonly id: number
  readonly value?: unknown
  readonly thrown?: Thrown | undefined
}
