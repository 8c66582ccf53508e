import { ConfigError } from '@qpsmtpd/core'
import { fakeWorld } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const number = ([line = '0']: readonly string[], where: (index: number) => string): number => {
  if (!/^\d+$/.test(line)) throw new ConfigError(`${where(0)}: no number: ${line}`)
  return Number(line)
}

const values = (...lines: string[]) => ({
  lines,
  source: 'a plugin',
  where: (index: number) => `plugin:${index}`,
})

describe('config.use', () => {
  test('a value that can not be parsed stops the start, with its place', () => {
    const { config } = fakeWorld({ config: { limit: ['x'] } })
    expect(() => config.use('limit', number)).toThrow('limit:1: no number: x')
  })

  test('a value that is there, and one that is not', () => {
    const { config } = fakeWorld({ config: { limit: ['5'] } })
    expect(config.use('limit', number).current).toBe(5)
    expect(config.use('other', number).current).toBe(0)
  })

  test('several values one behind the other, each line knowing its place', () => {
    const { config } = fakeWorld({ config: { a: ['1', '2'], b: ['3'] } })
    const places = config.use(['a', 'missing', 'b'], (lines, where) =>
      lines.map((line, index) => `${where(index)}=${line}`),
    )
    expect(places.current).toEqual(['a:1=1', 'a:2=2', 'b:1=3'])
  })

  test('what a plugin says takes its place; what it spoils keeps what it had', () => {
    const { config, records } = fakeWorld({ config: { limit: ['5'] } })
    const limit = config.use(['limit'], number)
    config.override('limit', values('6'))
    expect(limit.current).toBe(6)
    config.override('limit', values('broken'))
    expect(limit.current).toBe(6)
    expect(records.map(({ level, text }) => [level, text])).toEqual([
      ['error', 'limit: plugin:0: no number: broken; the value before stays in force'],
    ])
    config.override('limit', values('7'))
    expect(limit.current).toBe(7)
    expect([...config.names]).toEqual(['limit'])
  })

  test('is parsed when it changes, and at no other time', () => {
    const { config } = fakeWorld({ config: { limit: ['5'], other: ['6'] } })
    let parsed = 0
    const limit = config.use('limit', () => ++parsed)
    expect([limit.current, limit.current]).toEqual([1, 1])
    config.override('other', values('7'))
    expect(limit.current).toBe(1)
    config.override('limit', values('7'))
    expect(limit.current).toBe(2)
  })
})
