export { TSCONFIG } from './serial-jest-types.js'

/** A test file that uses every part of the types of fixtures. */
export const TYPES = `import { createServer } from 'node:http'
import { expect, test } from '@jest/globals'
import {
  createLogger, env, isPortFree, listen, namespace, port, portBlock, ports, runId, shared, slot, socketPath, tempDir, workerId,
  type Fixtures, type ListeningAddress, type Logger, type PortOptions, type Shared, type SharedContext, type TempDirOptions,
} from '@heddle/jest'

const options: PortOptions = { protocol: 'udp', host: '127.0.0.1', scope: 'test' }
const dirOptions: TempDirOptions = { prefix: 'orders', keep: 'never' }
const database: Shared<{ url: string }> = shared('database', { create: () => ({ url: 'postgres://' }), destroy: ({ url }) => void url })
// @ts-expect-error misspelt
void (() => tempDir({ kep: 'always' }))
export const create = async ({ tempDir, port, key }: SharedContext): Promise<string> => [key, await tempDir(), await port()].join()
export const all: Pick<Fixtures, 'port'> = { port }

test('gives what the types say', async () => {
  const numbers: number[] = [await port(options), ...(await ports(2)), ...(await portBlock(2)), slot()]
  const texts: string[] = [await tempDir(dirOptions), await socketPath(), namespace('a'), runId(), workerId()]
  const address: ListeningAddress = await listen(createServer())
  const logger: Logger = createLogger('orders')
  logger.debug('listening', address.url)
  env({ A: '1', B: undefined })
  const isFree: boolean = await isPortFree(address.port)
  const { url } = await database
  expect([typeof url, isFree, ...numbers.map((n) => typeof n), ...texts.map((s) => typeof s)]).toEqual([
    'string', false, ...numbers.map(() => 'number'), ...texts.map(() => 'string'),
  ])
})
`
