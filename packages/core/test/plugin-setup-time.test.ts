import { loadPlugin, type Plugin } from '@qpsmtpd/core'
import { fakeWorld } from '@qpsmtpd/core/testing'
import { expect, test } from 'vitest'

const loading = (plugin: Plugin, world = fakeWorld()) => ({
  world,
  loaded: loadPlugin({ plugin, name: plugin.name, words: [], where: 'plugins:1' }, () => world),
})

test('a plugin whose setup never ends is given up after its time', async () => {
  const { world, loaded } = loading({ name: 'hangs', setup: () => new Promise(() => undefined) })
  const caught = loaded.catch((error: unknown) => String(error))
  await world.clock.advance(59_999)
  expect(world.clock.waiting).toBe(1)
  await world.clock.advance(1)
  expect(await caught).toBe('ConfigError: plugins:1: hangs: its setup has not ended within 60 s')
})

test('a plugin that is set up leaves no timer', async () => {
  const { world, loaded } = loading({ name: 'quick', setup: () => ({}) })
  expect((await loaded).name).toBe('quick')
  expect(world.clock.waiting).toBe(0)
})

test('a plugin without options takes no words', async () => {
  const line = { plugin: { name: 'plain', setup: () => ({}) }, name: 'plain', where: 'plugins:1' }
  const world = fakeWorld()
  await expect(loadPlugin({ ...line, words: ['x'] }, () => world)).rejects.toThrow(
    'plugins:1: plain: "x" is not an option',
  )
  await expect(loadPlugin({ ...line, words: ['#', 'x'] }, () => world)).rejects.toThrow(
    'a comment needs a line of its own',
  )
})
