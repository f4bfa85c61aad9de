/** A moment in a test file or in a body of one. */
export interface GroupEvent {
  readonly file: string
  readonly kind: string
  readonly at: number
  readonly pid: number
  readonly slot: number
  readonly runId: string | undefined
  /** Set by tests that have several runs at once. */
  readonly run: string | undefined
  /** By the last part of the environment variable: `THIRD_PARTY_API`. */
  readonly groupSlots: Readonly<Record<string, number>>
}

/** From when to when a file or body ran. */
export interface Span {
  readonly file: string
  readonly from: number
  /** Infinity if it never ended. */
  readonly to: number
  readonly begin: GroupEvent
}

/** @param last the kind that closes what `begin` opens in the same process */
export function spansOf(events: readonly GroupEvent[], last = 'end'): Span[] {
  const isEnd = new Set<GroupEvent>()
  return events
    .filter(({ kind }) => kind === 'begin')
    .map((begin) => {
      const end = events.find(
        (event) =>
          event.kind === last &&
          !isEnd.has(event) &&
          event.file === begin.file &&
          event.pid === begin.pid &&
          event.at >= begin.at,
      )
      if (end !== undefined) isEnd.add(end)
      return { file: begin.file, from: begin.at, to: end?.at ?? Infinity, begin }
    })
}

/** The most that was in flight at any moment, each span counted as often as `weightOf` says. */
export function peakOf(spans: readonly Span[], weightOf: (span: Span) => number = () => 1): number {
  return Math.max(0, ...spans.map((span) => sum(spans.filter((other) => isAt(other, span.from)).map(weightOf))))
}

/** Pairs that ran at the same time. */
export function overlapsOf(some: readonly Span[], others: readonly Span[]): string[] {
  return some.flatMap((a) =>
    others.filter((b) => a !== b && a.from < b.to && b.from < a.to).map((b) => `${a.file} + ${b.file}`),
  )
}

/** Pairs of spans that ran at the same time with the same number. */
export function clashesOf(spans: readonly Span[], numberOf: (span: Span) => number | undefined): string[] {
  return spans.flatMap((a, i) =>
    spans
      .slice(i + 1)
      .filter((b) => a.from < b.to && b.from < a.to && numberOf(a) === numberOf(b))
      .map((b) => `${a.file} and ${b.file} both have ${String(numberOf(a))}`),
  )
}

function isAt({ from, to }: Span, at: number): boolean {
  return from <= at && at < to
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
