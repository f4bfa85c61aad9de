import { createHash } from 'node:crypto'
import {
  compareKeys,
  isHeddleError,
  reasonOf,
  type GroupPlan,
  type HeddleOptions,
  type ShardRequest,
} from '@heddle/core'
import type { TestSequencerConstructor, TestSpecification, Vitest } from 'vitest/node'
import type { Adapter } from './adapter.js'
import { BaseSequencer, isShuffledByCommandLine, seedOf } from './host.js'
import { attachLate } from './attachment.js'
import { SEQUENCER_BRAND } from './sequencer-brand.js'

/** A sequencer class with options: Vitest constructs it with nothing but itself. */
export function createHeddleSequencer(options: HeddleOptions): TestSequencerConstructor {
  return class HeddleSequencer extends BaseSequencer {
    static readonly [SEQUENCER_BRAND] = true
    readonly #adapter: Adapter

    constructor(vitest: Vitest) {
      super(vitest)
      this.#adapter = attachLate(vitest, options)
    }

    override async shard(specifications: TestSpecification[]): Promise<TestSpecification[]> {
      const { shard } = this.ctx.config
      return shard === undefined ? specifications : await takeShard(this.#adapter, specifications, shard)
    }

    override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
      const isShuffled = isShuffledByCommandLine(this.ctx)
      const { dispatch } = this.#adapter
      const groups = await dispatch.planGroups(specifications)
      if (isShuffled) this.#adapter.stepAside('--sequence.shuffle', 'the order')
      const ordered = isShuffled
        ? shuffle(specifications, seedOf(this.ctx))
        : await orderOr(this.#adapter, { specifications, groups }, (given) => super.sort(given))
      await announce(this.#adapter, ordered, groups)
      const isOrderOurs = !isShuffled && (await this.#adapter.session()).options.order !== 'host'
      await dispatch.begin(ordered, { plan: groups, isOrderOurs })
      return ordered
    }
  }
}

async function takeShard(
  adapter: Adapter,
  specifications: TestSpecification[],
  { index, count }: ShardRequest,
): Promise<TestSpecification[]> {
  const session = await adapter.session()
  // Vitest 3 asks for each pool apart: the plan is made over all files, so that every shard is balanced as a whole.
  adapter.remember(specifications)
  const { plan } = session.shard(await adapter.foundFiles(adapter.specifications), count)
  adapter.shard = { index, count, fingerprint: plan.fingerprint }
  const own = new Set(plan.shards[index - 1]?.keys)
  const files = await adapter.foundFiles(specifications)
  return files.filter(({ key }) => own.has(key)).map(({ specification }) => specification)
}

/** Slowest first; as Vitest would if the user wants that, or if heddle itself fails. */
async function orderOr(
  adapter: Adapter,
  { specifications, groups }: { readonly specifications: TestSpecification[]; readonly groups: GroupPlan },
  stock: (specifications: TestSpecification[]) => Promise<TestSpecification[]>,
): Promise<TestSpecification[]> {
  const session = await adapter.session()
  if (session.options.order === 'host') return stock(specifications)
  try {
    const files = await adapter.foundFiles(specifications)
    const workers = adapter.workers(specifications[0]?.project)
    const { jobs } = session.order(files, { workers, groups })
    return jobs.map(({ specification }) => specification)
  } catch (error) {
    if (isHeddleError(error)) throw error
    session.print(`Cannot plan the order, Vitest's own is used: ${reasonOf(error)}`)
    return stock(specifications)
  }
}

/** A permutation that depends on nothing but the files and the seed. */
function shuffle(specifications: readonly TestSpecification[], seed: number): TestSpecification[] {
  const rank = ({ moduleId }: TestSpecification): string =>
    createHash('sha1').update(`${seed}:${moduleId}`).digest('hex')
  return [...specifications].sort((a, b) => compareKeys(rank(a), rank(b)))
}

/** Tells the recorder what will run, in which order. */
async function announce(
  adapter: Adapter,
  specifications: readonly TestSpecification[],
  groups: GroupPlan,
): Promise<void> {
  const { recorder, clock } = await adapter.run()
  adapter.remember(specifications)
  recorder.plan(await adapter.foundFiles(specifications.filter(({ pool }) => pool !== 'typescript')), groups)
  clock.open(performance.now())
}
