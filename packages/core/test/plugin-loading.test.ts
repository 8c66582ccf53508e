import { ConfigError, type Handlers, isPlugin, loadPlugin, type Plugin } from '@qpsmtpd/core'
import { fakeWorld, plugin } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const good = plugin('good', {})

describe('isPlugin', () => {
  test.each([
    [good, true],
    [{ ...good, more: 1 }, true],
    [{ ...good, name: 1 }, false],
    [{ ...good, setup: undefined }, false],
    [{ ...good, options: {} }, false],
    [() => good, false],
    [null, false],
    [undefined, false],
    ['good', false],
  ])('%j: %s', (value, is) => {
    expect(isPlugin(value)).toBe(is)
  })
})

const load = (member: Plugin) =>
  loadPlugin({ plugin: member, name: 'it:1', words: [], where: 'config/plugins:3' }, () =>
    fakeWorld(),
  )

describe('loadPlugin', () => {
  test.each([
    [
      'options that throw',
      {
        ...good,
        options: () => {
          throw new TypeError('oops')
        },
      },
      'its options failed: oops',
    ],
    [
      'a setup that throws',
      {
        ...good,
        setup: () => {
          throw new TypeError('oops')
        },
      },
      'its setup failed: oops',
    ],
    [
      'a setup that rejects',
      { ...good, setup: async () => Promise.reject(new Error('oops')) },
      'its setup failed: oops',
    ],
    [
      'a setup that finds the configuration wrong',
      {
        ...good,
        setup: () => {
          throw new ConfigError('rcpthosts:1: no host')
        },
      },
      'rcpthosts:1: no host',
    ],
    [
      'no handlers',
      { ...good, setup: () => undefined as unknown as Handlers },
      'its setup returned no handlers',
    ],
    [
      'a hook that there is not',
      { ...good, setup: () => ({ rcptt: () => undefined }) as Handlers },
      'there is no hook "rcptt"',
    ],
    [
      'a hook of the name of something else',
      { ...good, setup: () => ({ constructor: () => undefined }) as Handlers },
      'there is no hook "constructor"',
    ],
    [
      'a handler that is none',
      { ...good, setup: () => ({ rcpt: 'ok' }) as unknown as Handlers },
      'its handler for rcpt is no function',
    ],
  ])('%s', async (_name, member, complaint) => {
    const loading = load(member)
    await expect(loading).rejects.toThrow(`config/plugins:3: it:1: ${complaint}`)
    await expect(loading).rejects.toBeInstanceOf(ConfigError)
  })

  test('what is set up bears the name of its line', async () => {
    const { name, handlers } = await load({
      ...good,
      setup: async () => ({ rset: () => undefined }),
    })
    expect(name).toBe('it:1')
    expect(Object.keys(handlers)).toEqual(['rset'])
  })
})
