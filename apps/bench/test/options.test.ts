import { describe, expect, test } from 'vitest'
import { optionsFrom, usage } from '../src/options.ts'

const namesOf = (values: readonly { readonly name: string }[]): string[] =>
  values.map(({ name }) => name)

describe('optionsFrom', () => {
  test('has defaults', () => {
    const options = optionsFrom([])
    expect(options).toMatchObject({ rounds: 3, help: false, json: undefined, plot: undefined })
    expect(options.amounts).toMatchObject({
      messages: 10_000,
      bodyOctets: 4096,
      largeMessages: 20,
      hugeOctets: 1_000_000_000,
      connections: 2000,
    })
    expect(namesOf(options.scenarios)).toEqual([
      'one',
      'many',
      'pipelined',
      'ahead',
      'large',
      'memory',
      'idle',
      'alone',
      'start',
      'durable',
      'crowd',
      'slow',
    ])
    expect(namesOf(options.candidates)).toEqual([
      'floor',
      'qpsmtpd',
      'qpsmtpd-maildir',
      'smtp-server',
      'haraka',
      'qpsmtpd-perl',
    ])
  })

  test('takes lists, and keeps the known order', () => {
    const options = optionsFrom(['--scenarios', 'idle,one', '--candidates=qpsmtpd, floor'])
    expect(namesOf(options.scenarios)).toEqual(['one', 'idle'])
    expect(namesOf(options.candidates)).toEqual(['floor', 'qpsmtpd'])
  })

  test('takes amounts', () => {
    const args = ['--messages=7', '--size=9', '--large-total=120', '--huge=3', '--connections=5']
    expect(optionsFrom([...args, '--durable=8']).amounts).toMatchObject({
      messages: 7,
      bodyOctets: 9,
      largeMessages: 3,
      hugeOctets: 3_000_000,
      connections: 5,
      durable: 8,
    })
  })

  test('does less with --quick, unless it is told how much', () => {
    const { amounts, rounds } = optionsFrom(['--quick', '--messages', '20'])
    expect(rounds).toBe(1)
    expect(amounts).toMatchObject({ messages: 20, durable: 500, connections: 300 })
  })

  test.each([
    [['--bla'], "Unknown option '--bla'"],
    [['bla'], "Unexpected argument 'bla'"],
    [['--rounds', '0'], '--rounds 0: not a whole number of 1 or more'],
    [['--messages', '1e3'], '--messages 1e3: not a whole number'],
    [['--size', '1'], '--size 1: not a whole number of 2 or more'],
    [['--scenarios', 'one,two'], '--scenarios: "two" is not one of one, many, pipelined, ahead'],
    [['--candidates', ''], '--candidates: "" is not one of floor, qpsmtpd'],
  ])('refuses %j', (args, message) => {
    expect(() => optionsFrom(args)).toThrow(message)
  })

  test('has a help for each option', () => {
    expect(usage).toContain('--scenarios LIST     some of one,many,pipelined,ahead,large')
    expect(usage).toContain('--peers DIR')
  })
})
