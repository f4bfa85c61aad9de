/** A driver, as code under test uses it. */
export interface DriverUnderTest {
  readonly name: string
  /** A statement of its own. */
  run(sql: string): Promise<unknown>
  /** A transaction on a connection of its own: the function is given what runs a statement in it. */
  transaction(act: (run: (sql: string) => Promise<unknown>) => Promise<void>): Promise<void>
  close(): Promise<unknown>
}

/** What one test does with a driver, and how many rows are there in the end, seen through the driver. */
export interface DriverScenario {
  readonly name: string
  readonly play: (driver: DriverUnderTest) => Promise<void>
  readonly emails: readonly string[]
}

const insert = (email: string) => `INSERT INTO users (email) VALUES ('${email}')`

class Undo extends Error {}

/** A transaction that its own function throws out of. */
async function undone(
  driver: DriverUnderTest,
  act: (run: (sql: string) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const ended = driver.transaction(async (run) => {
    await act(run)
    throw new Undo()
  })
  await ended.then(
    () => {
      throw new Error('the transaction should have failed')
    },
    (error: unknown) => {
      if (!(error instanceof Undo)) throw error
    },
  )
}

const failing = (promise: Promise<unknown>): Promise<void> =>
  promise.then(
    () => {
      throw new Error('the statement should have failed')
    },
    () => undefined,
  )

export const DRIVER_SCENARIOS: readonly DriverScenario[] = [
  {
    name: 'a statement of its own',
    play: async (driver) => void (await driver.run(insert('a'))),
    emails: ['a'],
  },
  {
    name: 'a transaction that commits',
    play: (driver) =>
      driver.transaction(async (run) => {
        await run(insert('a'))
        await run(insert('b'))
      }),
    emails: ['a', 'b'],
  },
  {
    name: 'a transaction that is rolled back',
    play: async (driver) => {
      await driver.run(insert('a'))
      await undone(driver, async (run) => void (await run(insert('b'))))
    },
    emails: ['a'],
  },
  {
    name: 'a savepoint that is rolled back to',
    play: (driver) =>
      driver.transaction(async (run) => {
        await run(insert('a'))
        await run('SAVEPOINT here')
        await run(insert('b'))
        await run('ROLLBACK TO SAVEPOINT here')
        await run(insert('c'))
      }),
    emails: ['a', 'c'],
  },
  {
    name: 'an error, and going on',
    play: async (driver) => {
      await driver.run(insert('a'))
      await failing(driver.run(insert('a')))
      await driver.run(insert('b'))
    },
    emails: ['a', 'b'],
  },
  {
    name: 'three transactions at once',
    play: async (driver) => {
      await Promise.all(
        ['a', 'b', 'c'].map((email) => driver.transaction(async (run) => void (await run(insert(email))))),
      )
    },
    emails: ['a', 'b', 'c'],
  },
  {
    name: 'three transactions at once, of which one fails',
    play: async (driver) => {
      await Promise.all([
        driver.transaction(async (run) => void (await run(insert('a')))),
        undone(driver, async (run) => void (await run(insert('b')))),
        driver.transaction(async (run) => void (await run(insert('c')))),
      ])
    },
    emails: ['a', 'c'],
  },
  {
    name: 'a statement outside while a transaction is open',
    play: (driver) =>
      driver.transaction(async (run) => {
        await run(insert('a'))
        await driver.run(insert('b'))
      }),
    emails: ['a', 'b'],
  },
  {
    name: 'rows that are not committed, which others do not see',
    play: (driver) =>
      driver.transaction(async (run) => {
        await run(insert('a'))
        await driver.run(`INSERT INTO users (email) SELECT 'seen' FROM users WHERE email = 'a'`)
      }),
    emails: ['a'],
  },
]
