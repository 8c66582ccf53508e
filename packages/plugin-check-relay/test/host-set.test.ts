import type { Config, Plugin } from '@qpsmtpd/core'
import { dialogue } from '@qpsmtpd/core/testing'
import { expect, test } from 'vitest'
import { HostSet } from '../src/host-set.ts'
import checkRelay from '../src/index.ts'
import { asks, denied, taken } from './asks.ts'

const where = (index: number): string => `rcpthosts:${index + 1}`

/** check-relay, and how often it has parsed its lists. */
function counted(): { readonly plugin: Plugin; readonly parses: () => number } {
  let parses = 0
  const plugin: Plugin = {
    ...checkRelay,
    setup(options, world) {
      const config: Config = {
        use: (names, parse) =>
          world.config.use(names, (lines, whereOf) => {
            parses += 1
            return parse(lines, whereOf)
          }),
      }
      return checkRelay.setup(options, { ...world, config })
    },
  }
  return { plugin, parses: () => parses }
}

test('a million rcpthosts are parsed once, however many recipients are asked for', async () => {
  const rcpthosts = Array.from({ length: 1_000_000 }, (_, index) => `h${index}.example`)
  const { plugin, parses } = counted()
  const pairs = Array.from({ length: 250 }, (_, index) => [
    [`ann@h${999_999 - index}.example`, taken(`ann@h${999_999 - index}.example`)] as const,
    [`ann@g${index}.example`, denied] as const,
  ])
  await dialogue({ config: { rcpthosts }, plugins: [plugin] }, asks(...pairs.flat()), {
    plays: ['at once'],
  })
  expect(parses()).toBe(1)
}, 30_000)

test('looking a host up reads no line again', () => {
  let reads = 0
  const lines = new Proxy(['example.com', '.example.net'], {
    get(target, property, receiver): unknown {
      reads += 1
      return Reflect.get(target, property, receiver)
    },
  })
  const hosts = new HostSet(lines, where)
  const readBefore = reads
  expect(readBefore).toBeGreaterThan(0)
  expect(hosts.has('example.com')).toBe(true)
  expect(hosts.has('a.b.example.net')).toBe(true)
  expect(hosts.has('a.b.example.org')).toBe(false)
  expect(reads).toBe(readBefore)
})

test('R4: a suffix is asked for at every dot, and between dots never', () => {
  const hosts = new HostSet(['.b.example'], where)
  expect(['a.b.example', 'x.a.b.example'].map((host) => hosts.has(host))).toEqual([true, true])
  expect(['b.example', 'ab.example', '.example', ''].map((host) => hosts.has(host))).toEqual([
    false,
    false,
    false,
    false,
  ])
})
