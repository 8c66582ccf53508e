import { describe, expect, test } from 'vitest'
import { optionsFrom } from '../src/options.ts'

describe('optionsFrom', () => {
  test('has defaults', () => {
    const options = optionsFrom([])
    expect(options).toMatchObject({ messages: 10_000, rounds: 5, bodyOctets: 4096, help: false })
    expect(options.modes).toEqual(['one', 'many', 'pipelined', 'ahead'])
    expect(options.candidates.map(({ name }) => name)).toEqual(['floor', 'qpsmtpd'])
  })

  test('takes lists', () => {
    const options = optionsFrom(['--modes', 'ahead,one', '--candidates=floor'])
    expect(options.modes).toEqual(['ahead', 'one'])
    expect(options.candidates.map(({ name }) => name)).toEqual(['floor'])
  })

  test.each([
    [['--bla'], "Unknown option '--bla'"],
    [['bla'], "Unexpected argument 'bla'"],
    [['--rounds', '0'], '--rounds 0: not a whole number of 1 or more'],
    [['--messages', '1e3'], '--messages 1e3: not a whole number'],
    [['--modes', 'one,two'], '--modes: "two" is not one of one, many, pipelined, ahead'],
    [['--candidates', ''], '--candidates: "" is not one of floor, qpsmtpd'],
  ])('refuses %j', (args, message) => {
    expect(() => optionsFrom(args)).toThrow(message)
  })
})
