import { RollbackConnection } from './rollback-connection.js'
import type { RollbackSession } from './rollback-session.js'

type ConnectCallback = (error: undefined, client: RollbackPoolClient, release: () => void) => void

/** What the code under test takes for a client from a pool. */
export class RollbackPoolClient extends RollbackConnection {
  /** Where a pool would take it back. */
  release(): void {
    this.emit('release')
  }

  async connect(): Promise<void> {}

  async end(): Promise<void> {
    this.emit('end')
  }
}

/**
 * The `client` of a test with `perTest: 'rollback'`: takes the place of a `Pool` and of a `Client` of `pg`. Whatever is done through
 * it is undone after the test.
 *
 * - Its clients share one session. They see what others have not committed yet, and their transactions wait for each other.
 * - A transaction of the code under test is a savepoint. COMMIT checks deferred constraints and commits nothing: NOTIFY is never
 *   sent, `now()` stands still, isolation levels mean nothing.
 * - Sequences go on from test to test.
 *
 * @example
 * test('creates a user', async ({ main }) => {
 *   await createUser(main.client, { email: 'a@b.c' })
 *   expect((await main.client.query('select email from users')).rows).toEqual([{ email: 'a@b.c' }])
 * })
 */
export class RollbackPool extends RollbackConnection {
  readonly #session: RollbackSession
  readonly totalCount = 1
  readonly idleCount = 1
  readonly waitingCount = 0

  constructor(session: RollbackSession) {
    super(session)
    this.#session = session
  }

  /** As of a pool: a client with transactions of its own. */
  connect(): Promise<RollbackPoolClient>
  connect(callback: ConnectCallback): void
  connect(callback?: ConnectCallback): Promise<RollbackPoolClient> | void {
    const client = new RollbackPoolClient(this.#session)
    if (callback === undefined) return Promise.resolve(client)
    callback(undefined, client, () => client.release())
  }

  /** Does nothing: the next test goes on with it. */
  async end(): Promise<void> {}

  /** Does nothing. */
  release(): void {}
}
