import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseParameters } from '../src/smtp/parameters.ts'

const good: readonly (readonly [
  rule: string,
  text: string,
  parameters: readonly (readonly [keyword: string, value: string])[],
])[] = [
  ['none', '', []],
  ['a keyword and its value', 'SIZE=100', [['SIZE', '100']]],
  ['a keyword alone', 'SMTPUTF8', [['SMTPUTF8', '']]],
  ['a keyword in any case', 'body=8bitMIME', [['BODY', '8bitMIME']]],
  [
    'several, in their order',
    'B=1 A=2',
    [
      ['B', '1'],
      ['A', '2'],
    ],
  ],
  [
    'blanks and TABs between',
    'A=1 \t B',
    [
      ['A', '1'],
      ['B', ''],
    ],
  ],
  ['a keyword with digits and hyphens', '8-x-9=a', [['8-X-9', 'a']]],
  ['any printable octet but =', 'AUTH=<>!"#+-~', [['AUTH', '<>!"#+-~']]],
  ['RFC 6531 §3.3: UTF-8 in a value', 'ORCPT=utf-8;müller@日本', [['ORCPT', 'utf-8;müller@日本']]],
  [
    'names of every object',
    'constructor=1 toString',
    [
      ['CONSTRUCTOR', '1'],
      ['TOSTRING', ''],
    ],
  ],
]

const bad: readonly (readonly [rule: string, text: string])[] = [
  ['a keyword twice', 'SIZE=1 SIZE=1'],
  ['a keyword twice in different case', 'SIZE=1 size=2'],
  ['= without a value', 'SIZE='],
  ['= without a keyword', '=1'],
  ['= alone', '='],
  ['two =', 'SIZE=1=2'],
  ['a blank before =', 'SIZE =1'],
  ['a blank behind =', 'SIZE= 1'],
  ['a blank first', ' SIZE=1'],
  ['a blank last', 'SIZE=1 '],
  ['a hyphen first', '-SIZE=1'],
  ['__proto__', '__proto__=1'],
  ['a keyword in UTF-8', 'SIZÉ=1'],
  ['NUL in a value', 'SIZE=1\0'],
  ['CR in a value', 'SIZE=1\r'],
  ['a C1 control in a value', 'SIZE=1\u0085'],
]

describe('RFC 5321 §4.1.2: what parameters are', () => {
  test.each(good)('%s', (_rule, text, parameters) => {
    expect([...(parseParameters(text) ?? [['no parameters']])]).toEqual(parameters)
  })
})

describe('RFC 5321 §4.1.2: what no parameters are', () => {
  test.each(bad)('%s', (_rule, text) => {
    expect(parseParameters(text)).toBeUndefined()
  })
})

describe('any text is parameters or is none', () => {
  test('what is read says what came', () => {
    const words = fc.string({ unit: fc.constantFrom(...Array.from('Aa1-=< \té\0')), maxLength: 12 })
    fc.assert(
      fc.property(words, (text) => {
        const read = parseParameters(text)
        fc.pre(read !== undefined)
        const written = [...read].map(([keyword, value]) => keyword + (value && `=${value}`))
        expect(written.join(' ').toUpperCase()).toBe(text.replaceAll(/[ \t]+/g, ' ').toUpperCase())
      }),
      { seed: 2026, numRuns: 1_000 },
    )
  })
})
