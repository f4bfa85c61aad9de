import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryDir } from '../../fixtures/directories.js'
import { Marks } from './marks.js'
import type { OwnerState } from './owners.js'

/** Owners whose state a test decides. */
class World {
  readonly dir = join(temporaryDir(), 'v1', 'marks')
  readonly states = new Map<string, OwnerState>()

  open(self: string, platform: NodeJS.Platform): Marks {
    this.states.set(self, 'running')
    const stateOf = (owner: string): OwnerState => this.states.get(owner) ?? 'unknown'
    return new Marks(this.dir, { self, stateOf, sweep: () => undefined, close: () => undefined }, platform)
  }

  names(): string[] {
    return existsSync(this.dir) ? readdirSync(this.dir).sort() : []
  }
}

describe.each(['linux', 'darwin', 'win32'] as const)('on %s', (platform) => {
  test('a name is taken by one, until that one gives it back', () => {
    const world = new World()
    const [a, b] = [world.open('a', platform), world.open('b', platform)]
    expect([a.put('x'), a.put('x'), b.put('x'), b.put('y')]).toEqual([true, false, false, true])
    expect(world.names()).toEqual(['x', 'y'])
    a.remove('x')
    a.remove('y')
    expect(world.names()).toEqual(['y'])
    expect(b.put('x')).toBe(true)
  })

  test('close gives back what is its own', () => {
    const world = new World()
    const [a, b] = [world.open('a', platform), world.open('b', platform)]
    expect([a.put('x'), a.put('y'), b.put('z')]).toEqual([true, true, true])
    a.close()
    expect(world.names()).toEqual(['z'])
  })

  test('only those of the dead are swept', () => {
    const world = new World()
    const [a, b, c] = [world.open('a', platform), world.open('b', platform), world.open('c', platform)]
    expect([a.put('x'), b.put('y'), c.put('z')]).toEqual([true, true, true])
    world.states.set('b', 'unknown').set('c', 'gone')
    expect([a.isOfDead('x'), a.isOfDead('y'), a.isOfDead('z'), a.isOfDead('nothing')]).toEqual([
      false,
      false,
      true,
      false,
    ])
    expect(a.hasDead()).toBe(true)
    a.sweep()
    expect(world.names()).toEqual(['x', 'y'])
    expect(a.hasDead()).toBe(false)
  })

  test('what somebody else has by now is not given back', () => {
    const world = new World()
    const [a, b] = [world.open('a', platform), world.open('b', platform)]
    a.put('x')
    b.break('x')
    b.put('x')
    a.remove('x')
    a.close()
    expect(world.names()).toEqual(['x'])
  })

  test('what was taken away can be given back', () => {
    const world = new World()
    const a = world.open('a', platform)
    a.put('x')
    a.break('x')
    a.remove('x')
    expect(a.put('x')).toBe(true)
  })

  test('tells who has what for how long, without the dead', () => {
    const world = new World()
    const [a, b] = [world.open('k-7-abc', platform), world.open('b', platform)]
    a.put('x')
    b.put('y')
    world.states.set('b', 'gone')
    const [only, ...others] = a.status()
    expect(others).toEqual([])
    expect(only).toMatchObject({ id: 'x', name: 'x', scope: 'machine', limit: Infinity, waiters: [] })
    expect(only?.holders).toMatchObject([{ pid: 7, state: 'running', permits: 'all', file: undefined }])
    expect(only?.holders[0]?.forMs).toBeLessThan(60_000)
    expect(a.break('y')).toEqual([])
    expect(a.break('x')).toMatchObject([{ pid: 7 }])
    expect(world.names()).toEqual(['y'])
  })

  test('a directory that cannot be used is an error', () => {
    const world = new World()
    const a = world.open('a', platform)
    mkdirSync(join(world.dir, '..'), { recursive: true })
    writeFileSync(world.dir, '')
    expect(() => a.put('x')).toThrow('HEDDLE_LOCK_DIR_UNUSABLE')
    expect(a.status()).toEqual([])
  })
})

test('Windows: what is left of a mark that was never finished is swept, and is no mark', () => {
  const world = new World()
  const a = world.open('a', 'win32')
  a.put('x')
  writeFileSync(join(world.dir, 'y~dead'), 'dead')
  writeFileSync(join(world.dir, 'z~alive'), 'alive')
  world.states.set('dead', 'gone').set('alive', 'running')
  expect(a.status().map(({ name }) => name)).toEqual(['x'])
  a.sweep()
  expect(world.names()).toEqual(['x', 'z~alive'])
})

test('what is none of ours takes its name, and is left alone', () => {
  const world = new World()
  const a = world.open('a', 'linux')
  a.put('x')
  mkdirSync(join(world.dir, 'y'))
  symlinkSync('somebody', join(world.dir, 'z'))
  utimesSync(join(world.dir, 'y'), 0, 0)
  expect([a.put('y'), a.put('z')]).toEqual([false, false])
  a.sweep()
  expect(world.names()).toEqual(['x', 'y', 'z'])
})
