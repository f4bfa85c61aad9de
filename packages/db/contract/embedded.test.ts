import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { cleanOwnServers, listOwnServers } from '../src/postgres/server/server-admin.js'
import { stopServer } from '../src/postgres/server/stop-server.js'
import { ask, OwnServers } from './own-servers.js'

const STARTED = 'select pg_postmaster_start_time()::text as started'

describe('a server of our own', () => {
  test('is there for whoever has the embedded binaries, made for tests, and stops with its only run', async () => {
    const servers = new OwnServers()
    const server = await servers.open()
    const { url } = server
    expect(server).toMatchObject({ isOwn: true, words: expect.stringMatching(/^embedded PostgreSQL \d+/) as string })
    const settings = `current_setting('fsync') as fsync, current_setting('server_encoding') as encoding`
    expect(await ask(url, `select ${settings}, upper('äß') as upper`)).toMatchObject({
      fsync: 'off',
      encoding: 'UTF8',
      upper: 'Äß',
    })
    expect(servers.pids()).not.toEqual([])
    await server.close()
    await server.close()
    expect(servers.pids()).toEqual([])
  })

  test('lets nobody in without the password', async () => {
    const { url } = await new OwnServers().open()
    const wrong = new URL(url)
    wrong.password = 'wrong'
    await expect(ask(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  })

  test('keeps its data from run to run, and says only once that it is being prepared', async () => {
    const servers = new OwnServers()
    const first = await servers.open()
    await ask(first.url, 'create table kept (id int)')
    await first.close()
    const second = await servers.open()
    expect(await ask(second.url, 'select count(*)::int as count from kept')).toEqual({ count: 0 })
    expect(servers.surroundings.lines).toEqual([expect.stringMatching(/^Preparing embedded PostgreSQL/)])
  })

  test('is one for four runs that begin at once, and stops with the last', async () => {
    const servers = new OwnServers()
    const runs = [1, 2, 3, 4].map(() => servers.start())
    const urls = await Promise.all(runs.map(({ url }) => url))
    expect(new Set(urls).size).toBe(1)
    const [url = ''] = urls
    const { started } = await ask(url, STARTED)
    const [last, ...others] = runs
    await Promise.all(others.map(({ end }) => end()))
    expect(await ask(url, STARTED)).toEqual({ started })
    await last?.end()
    expect(servers.pids()).toEqual([])
  })

  test('stays up if it is told to, and stops with the next run that ends', async () => {
    const servers = new OwnServers()
    const first = await servers.open()
    await first.close({ staysUp: true })
    const { started } = await ask(first.url, STARTED)
    const second = await servers.open()
    expect(await ask(second.url, STARTED)).toEqual({ started })
    await second.close()
    expect(servers.pids()).toEqual([])
  })
})

describe('what was left', () => {
  test('by a run that was killed is used by the next, which stops it', async () => {
    const servers = new OwnServers()
    const killed = servers.start()
    const { started } = await ask(await killed.url, STARTED)
    killed.process.kill('SIGKILL')
    const next = await servers.open()
    expect(await ask(next.url, STARTED)).toEqual({ started })
    await next.close()
    expect(servers.pids()).toEqual([])
  })

  test('by runs that were killed at any moment does not keep the next from working', { timeout: 240_000 }, async () => {
    const servers = new OwnServers()
    const kills = Number(process.env['HEDDLE_KILLS'] ?? 16)
    for (let kill = 0; kill < kills; kill++) {
      // Of some the data are to be made anew, which takes longer.
      const isNew = kill % 2 === 0
      if (isNew && kill > 0) servers.removeState()
      const run = servers.start()
      await delay(isNew ? 150 + (kill / kills) * 900 : 100 + (kill / kills) * 150)
      run.process.kill('SIGKILL')
      const next = servers.start()
      expect(await ask(await next.url, 'select 1 as one')).toEqual({ one: 1 })
      await next.end()
      expect(servers.pids()).toEqual([])
    }
    // One data directory, its state and its log; nothing half-made.
    expect(servers.dirs().map((dir) => readdirSync(dir).length)).toEqual([3])
  })

  test('by a server that was killed is started again', async () => {
    const servers = new OwnServers()
    const first = await servers.open()
    // Otherwise what has just been committed may be lost with the server.
    await ask(`${first.url}?options=-csynchronous_commit=on`, 'create table kept (id int)')
    for (const pid of servers.pids()) process.kill(pid, 'SIGKILL')
    const second = servers.start()
    expect(await ask(await second.url, 'select count(*)::int as count from kept')).toEqual({ count: 0 })
    await second.end()
  })

  test('with an unreadable data directory is made anew, with a line', async () => {
    const servers = new OwnServers()
    const first = await servers.open()
    await first.close()
    for (const data of dataDirs(servers)) truncateSync(join(data, 'global', 'pg_control'), 100)
    const second = await servers.open()
    expect(await ask(second.url, 'select 1 as one')).toEqual({ one: 1 })
    expect(servers.surroundings.lines.join('\n')).toMatch(/is unusable and is made anew: .*HEDDLE_RESOURCE_FAILED/)
  })

  test('before the machine was started last is made anew: nobody knows what of it reached the disk', async () => {
    const servers = new OwnServers()
    const first = await servers.open()
    await ask(first.url, 'create table lost (id int)')
    await first.close()
    for (const dir of servers.dirs()) {
      const file = join(dir, 'state.json')
      writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), boot: 'another' }))
    }
    const second = await servers.open()
    await expect(ask(second.url, 'select from lost')).rejects.toThrow('does not exist')
  })

  test('whose process id is another process by now is started again', async () => {
    const servers = new OwnServers()
    const first = await servers.open()
    await first.close()
    for (const data of dataDirs(servers)) {
      writeFileSync(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n1\n1\n\n127.0.0.1\n1 1\nready   \n`)
      await stopServer(data)
    }
    const second = await servers.open()
    expect(await ask(second.url, 'select 1 as one')).toEqual({ one: 1 })
    expect(servers.surroundings.lines).toHaveLength(1)
  })
})

function dataDirs(servers: OwnServers): string[] {
  return servers.dirs().flatMap((dir) => {
    const names = readdirSync(dir).filter((name) => name.startsWith('data-'))
    return names.map((name) => join(dir, name))
  })
}

test('status tells what is there, and clean stops what nobody uses, and removes it if asked to', async () => {
  const servers = new OwnServers()
  const { surroundings } = servers
  const server = await servers.open()
  const statesNow = async () => (await listOwnServers(surroundings)).map(({ state, url }) => [state, url])
  const clean = (isAll: boolean, isDryRun = false) => cleanOwnServers(surroundings, { isAll, isDryRun })
  expect(await statesNow()).toEqual([['in use', server.url]])
  expect(await clean(true)).toEqual([])
  await server.close({ staysUp: true })
  expect(await statesNow()).toEqual([['dead', server.url]])
  expect(await clean(false, true)).toEqual(servers.dirs())
  expect(servers.pids()).not.toEqual([])
  expect(await clean(false)).toEqual(servers.dirs())
  expect(servers.pids()).toEqual([])
  expect(await statesNow()).toEqual([['free', undefined]])
  expect(await clean(false)).toEqual([])
  expect(await clean(true)).toHaveLength(1)
  expect(servers.dirs()).toEqual([])
})
