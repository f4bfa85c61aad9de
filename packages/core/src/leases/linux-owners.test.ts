import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { fakeProc, garble, type FakeProc, type ThreadFacts } from '../../fixtures/thread-facts.js'
import { linuxOwners } from './linux-owners.js'
import { pidOf, type OwnerState } from './owners.js'

/** Greater than any process id can be. */
const NOBODY = 4_194_305

/** What one thread says of another, after something happened to the other. */
function judge(other: ThreadFacts, happen: (proc: FakeProc) => void): OwnerState {
  const proc = fakeProc()
  const { self } = linuxOwners(proc.path)
  const owner = self.replace(/-100-100-5000$/, `-${other.pid}-${other.tid ?? other.pid}-${other.start ?? 5000}`)
  proc.put(other)
  happen(proc)
  return linuxOwners(proc.path).stateOf(owner)
}

describe('a thread, by what /proc says,', () => {
  test('is named after kernel, namespace, process, thread and start', () => {
    const { self, stateOf } = linuxOwners(fakeProc({ pid: 100, tid: 103, start: 777 }).path)
    expect(self).toMatch(/^l-[0-9a-f]{8}-[0-9a-f]{8}-100-103-777$/)
    expect(stateOf(self)).toBe('running')
    expect(pidOf(self)).toBe(100)
  })

  test.each(['R', 'S', 'D', 't', 'W', 'P', 'I'])('runs in state %s', (state) => {
    expect(judge({ pid: 7, state }, () => undefined)).toBe('running')
  })

  test('is stopped in state T', () => {
    expect(judge({ pid: 7, state: 'T' }, () => undefined)).toBe('stopped')
  })

  test.each(['Z', 'X', 'x'])('is gone in state %s', (state) => {
    expect(judge({ pid: 7, state }, () => undefined)).toBe('gone')
  })

  test.each(['tmux: server', 'a) S 1 2 (b', ') Z 0', '((', 'x\ny'])('may be called %j', (name) => {
    expect(judge({ pid: 7, name }, () => undefined)).toBe('running')
    expect(judge({ pid: 7, name, state: 'T' }, () => undefined)).toBe('stopped')
  })

  test('is gone if another thread has its id', () => {
    expect(judge({ pid: 7, start: 5000 }, ({ put }) => put({ pid: 7, start: 5001 }))).toBe('gone')
  })

  test('is gone if its process lives without it', () => {
    const happen = ({ put, remove }: FakeProc): void => {
      put({ pid: 7, tid: 7 })
      remove(7, 9)
    }
    expect(judge({ pid: 7, tid: 9 }, happen)).toBe('gone')
  })

  test('is gone if neither /proc nor the kernel know its process', () => {
    expect(judge({ pid: NOBODY }, ({ remove }) => remove(NOBODY))).toBe('gone')
  })

  test('is not taken for gone if its process is hidden but lives', () => {
    expect(judge({ pid: process.pid }, ({ remove }) => remove(process.pid))).toBe('unknown')
  })

  test('is not taken for gone if its process may not be asked', () => {
    expect(judge({ pid: 1 }, ({ remove }) => remove(1))).toBe('unknown')
  })

  test.each(['', 'garbage', '7 (node) S', '7 (node) Z 1 2 3'])('is not taken for gone when /proc says %j', (text) => {
    expect(judge({ pid: 7 }, (proc) => garble(proc, 7, text))).toBe('unknown')
  })

  test('of another boot, namespace or kind is not judged', () => {
    const { stateOf } = linuxOwners(fakeProc().path)
    const { self: earlier } = linuxOwners(fakeProc({ pid: 100 }, 'boot-0').path)
    const { self: container } = linuxOwners(fakeProc({ pid: 100 }, 'boot-1', 'pid:[2]').path)
    for (const owner of [earlier, container, 'k-100-0123456789abcdef', '', 'l', 'l-0-0-1-1-1', '../self'])
      expect(stateOf(owner)).toBe('unknown')
  })

  test.each(['thread-self', 'self', 'sys', '100'])('cannot be told without /proc/%s, which is an error', (path) => {
    const proc = fakeProc()
    rmSync(join(proc.path, path), { recursive: true })
    expect(() => linuxOwners(proc.path)).toThrow(expect.objectContaining({ code: 'HEDDLE_LOCK_DIR_UNUSABLE' }))
  })

  test('cannot be told without /proc, and the error says what to do', () => {
    expect(() => linuxOwners('/nowhere')).toThrow(/by "\/nowhere": .*\nFix: run the tests where \/proc is mounted/)
  })

  test('that has ended already cannot ask', () => {
    expect(() => linuxOwners(fakeProc({ pid: 7, state: 'Z' }).path)).toThrow('this thread is not found there')
  })
})

describe.runIf(process.platform === 'linux')('on this machine', () => {
  /** Asks as this thread, and names others of this kernel. */
  const ask = () => {
    const { self, stateOf } = linuxOwners()
    const world = self.split('-').slice(0, 3).join('-')
    return { self, stateOf, nameOf: (facts: string) => `${world}-${facts}` }
  }

  test('this thread runs, and is the same whenever it is asked', () => {
    const { self, stateOf } = ask()
    expect(stateOf(self)).toBe('running')
    expect(linuxOwners().self).toBe(self)
    expect(pidOf(self)).toBe(process.pid)
  })

  test('a process is running, then stopped, running again, and gone', async () => {
    const { stateOf, nameOf } = ask()
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' })
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child, 'spawn')
    const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    const owner = nameOf(`${child.pid}-${child.pid}-${start}`)
    expect(stateOf(owner)).toBe('running')
    child.kill('SIGSTOP')
    await vi.waitFor(() => expect(stateOf(owner)).toBe('stopped'), 20_000)
    child.kill('SIGCONT')
    await vi.waitFor(() => expect(stateOf(owner)).toBe('running'), 20_000)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await vi.waitFor(() => expect(stateOf(owner)).toBe('gone'), 20_000)
  })

  test('a worker thread is another owner in the same process, and gone when it was terminated', async () => {
    const { self, stateOf, nameOf } = ask()
    const code = `
      const { readFileSync, readlinkSync } = require('node:fs')
      const path = '/proc/' + readlinkSync('/proc/thread-self')
      const stat = readFileSync(path + '/stat', 'latin1')
      const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
      require('node:worker_threads').parentPort.postMessage(path.split('/')[4] + '-' + start)
      setInterval(() => undefined, 1000)`
    const worker = new Worker(code, { eval: true })
    onTestFinished(async () => void (await worker.terminate()))
    const [facts] = (await once(worker, 'message')) as [string]
    const owner = nameOf(`${process.pid}-${facts}`)
    expect(owner).not.toBe(self)
    expect(stateOf(owner)).toBe('running')
    await worker.terminate()
    await vi.waitFor(() => expect(stateOf(owner)).toBe('gone'), 20_000)
    expect(stateOf(self)).toBe('running')
  })

  test('a test that replaces process.kill is not asked', () => {
    const { stateOf, nameOf } = ask()
    const kill = vi.spyOn(process, 'kill').mockImplementation(() => true)
    onTestFinished(() => kill.mockRestore())
    expect(stateOf(nameOf(`${NOBODY}-${NOBODY}-1`))).toBe('gone')
    expect(kill).not.toHaveBeenCalled()
  })
})
