import { MemoryStore } from '@qpsmtpd/core'
import { FakeClock } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

describe('a store in memory', () => {
  test('forgets what has expired', async () => {
    const clock = new FakeClock()
    const store = new MemoryStore(clock)
    await store.set('a', '1', 1_000)
    await clock.advance(999)
    expect(await store.get('a')).toBe('1')
    await clock.advance(1)
    expect(await store.get('a')).toBe(undefined)
    await store.set('a', '2', 1_000)
    await store.delete('a')
    expect(await store.get('a')).toBe(undefined)
  })

  test('counts from 0 until the first count expires', async () => {
    const clock = new FakeClock()
    const store = new MemoryStore(clock)
    expect(await store.increment('a', 2, 1_000)).toBe(2)
    await clock.advance(600)
    expect(await store.increment('a', -1, 1_000)).toBe(1)
    await clock.advance(400)
    expect(await store.increment('a', 1, 1_000)).toBe(1)
  })

  test('holds so many entries, and loses the oldest first', async () => {
    const store = new MemoryStore(new FakeClock(), 2)
    for (const key of ['a', 'b', 'a', 'c']) await store.set(key, key, 1_000)
    expect(await Promise.all(['a', 'b', 'c'].map((key) => store.get(key)))).toEqual([
      'a',
      undefined,
      'c',
    ])
  })

  test('takes any key', async () => {
    const store = new MemoryStore(new FakeClock())
    expect(await store.get('__proto__')).toBe(undefined)
    expect(await store.increment('constructor', 1, 1_000)).toBe(1)
  })
})
