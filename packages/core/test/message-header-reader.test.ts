import { describe, expect, test } from 'vitest'
import { HeaderReader, needsEmptyLine } from '../src/message/header-reader.ts'
import { cuts } from './cuts.ts'

interface Read {
  readonly section: string
  readonly body: string
  readonly tooLong: boolean
}

const limit = 100
/** A section of one field, of so many octets. */
const field = (octets: number): string => `X: ${'a'.repeat(octets - 5)}\r\n`
const name = (octets: number): string => 'N'.repeat(octets)

const rows: readonly (readonly [rule: string, input: string, section: string, body: string])[] = [
  [
    'D6: the first empty line ends it',
    'A: 1\r\nB: 2\r\n\r\nx\r\n\r\ny',
    'A: 1\r\nB: 2\r\n',
    '\r\nx\r\n\r\ny',
  ],
  ['an empty body', 'A: 1\r\n\r\n', 'A: 1\r\n', '\r\n'],
  ['Q8: fields alone, without an empty line', 'A: 1\r\nB: 2\r\n', 'A: 1\r\nB: 2\r\n', ''],
  [
    'D6: a line of blanks ends nothing',
    'A: 1\r\n \r\nB: 2\r\n\r\n',
    'A: 1\r\n \r\nB: 2\r\n',
    '\r\n',
  ],
  ['a folding is part of its field', 'A: 1\r\n 2\r\n\r\n', 'A: 1\r\n 2\r\n', '\r\n'],
  ['an empty line first: all is body', '\r\nA: 1\r\n\r\n', '', '\r\nA: 1\r\n\r\n'],
  ['no field first: all is body', 'Hello\r\nA: 1\r\n\r\n', '', 'Hello\r\nA: 1\r\n\r\n'],
  ['words and a colon are no field', 'Dear all: hello\r\n\r\n', '', 'Dear all: hello\r\n\r\n'],
  [
    'the line of an mbox is no field',
    'From a@b Sun\r\nA: 1\r\n\r\n',
    '',
    'From a@b Sun\r\nA: 1\r\n\r\n',
  ],
  ['a folding first is no field', ' A: 1\r\n\r\n', '', ' A: 1\r\n\r\n'],
  ['a colon first is no field', ': 1\r\n\r\n', '', ': 1\r\n\r\n'],
  ['a name beyond ASCII is no field', '\xc3\xa4: 1\r\n\r\n', '', '\xc3\xa4: 1\r\n\r\n'],
  ['NUL is no field', '\0: 1\r\n\r\n', '', '\0: 1\r\n\r\n'],
  ['RFC 5322 §4.5: blanks before the colon', 'A \t: 1\r\n\r\nx', 'A \t: 1\r\n', '\r\nx'],
  ['a later line that is no field stays', 'A: 1\r\nHello\r\n\r\nx', 'A: 1\r\nHello\r\n', '\r\nx'],
  ['LF LF is no empty line', 'A: 1\n\nB: 2\r\n\r\n', 'A: 1\n\nB: 2\r\n', '\r\n'],
  ['LF CRLF is no empty line', 'A: 1\n\r\nB: 2\r\n\r\n', 'A: 1\n\r\nB: 2\r\n', '\r\n'],
  ['CRLF CR is no empty line', 'A: 1\r\n\rB: 2\r\n\r\n', 'A: 1\r\n\rB: 2\r\n', '\r\n'],
  ['octets beyond ASCII stay', 'A: \xff\x85\0\r\n\r\n\xfe', 'A: \xff\x85\0\r\n', '\r\n\xfe'],
  ['an empty message', '', '', ''],
  ['exactly the limit', `${field(limit)}\r\nx`, field(limit), '\r\nx'],
  ['exactly the limit, without an empty line', field(limit), field(limit), ''],
  ['a long body is not limited', `A: 1\r\n\r\n${name(200)}`, 'A: 1\r\n', `\r\n${name(200)}`],
]

const longer: readonly (readonly [rule: string, input: string])[] = [
  ['one octet more than the limit', `${field(limit + 1)}\r\nx`],
  ['one octet more, without an empty line', field(limit + 1)],
  ['two octets more', `${field(limit + 2)}\r\nx`],
  ['two octets more, without an empty line', field(limit + 2)],
  ['no end', 'A: '.padEnd(300, 'a')],
]

function read(pieces: readonly Buffer[], most = limit): Read {
  const reader = new HeaderReader(most)
  const body: Uint8Array[] = []
  for (const piece of pieces) {
    if (reader.tooLong) break
    body.push(reader.done ? piece : reader.read(piece))
  }
  const { tooLong } = reader
  return {
    section: tooLong ? '' : reader.headers().section,
    body: Buffer.concat(body).toString('latin1'),
    tooLong,
  }
}

describe('RFC 5322 §2.1: section and body are the same however they are cut', () => {
  test.each(rows)('%s', (_rule, input, section, body) => {
    for (const pieces of cuts(input))
      expect(read(pieces)).toEqual({ section, body, tooLong: false })
  })

  test.each([
    ['a name of 999 octets is one', `${name(999)}: 1\r\n\r\nx`, `${name(999)}: 1\r\n`],
    ['a name of 1,000 octets is none', `${name(1_000)}: 1\r\n\r\nx`, ''],
    ['nor is one without end', name(1_500), ''],
  ])('%s', (_rule, input, section) => {
    const expected = { section, body: input.slice(section.length), tooLong: false }
    for (const pieces of cuts(input)) expect(read(pieces, 5_000)).toEqual(expected)
  })
})

describe('a section longer than the limit is given up at every cut', () => {
  test.each(longer)('%s', (_rule, input) => {
    for (const pieces of cuts(input))
      expect(read(pieces)).toEqual({ section: '', body: '', tooLong: true })
  })

  test('it has not ended then, and nothing is kept of it', () => {
    const reader = new HeaderReader(limit)
    reader.read(Buffer.from(`${field(limit + 1)}\r\nx`))
    expect(reader.done).toBe(false)
    expect(reader.headers().section).toBe('')
  })
})

describe('what a section costs', () => {
  // A second copy or search of all that came before would take 500 GB of them, and minutes.
  test(
    'is in proportion to its length, though it comes octet by octet',
    { timeout: 10_000 },
    () => {
      const octets = Buffer.from(`X: 1\r\n${' folded\r\n'.repeat(110_000)}`)
      const reader = new HeaderReader(1_048_576)
      for (let at = 0; at < octets.length; at++) reader.read(octets.subarray(at, at + 1))
      expect(reader.headers().section).toHaveLength(octets.length)
    },
  )

  test('is no copy where it comes in one piece', () => {
    const chunk = Buffer.from('A: 1\r\n\r\nbody')
    const body = new HeaderReader(limit).read(chunk)
    expect(body.buffer).toBe(chunk.buffer)
    expect(body.byteOffset).toBe(chunk.byteOffset + 6)
  })

  test('is no change of the pieces it came in', () => {
    const pieces = ['A: 1\r', '\nB: 2', '\r\n\r\nbody'].map((text) => Buffer.from(text))
    read(pieces)
    expect(pieces.map(String)).toEqual(['A: 1\r', '\nB: 2', '\r\n\r\nbody'])
  })
})

describe('the empty line between fields put above a body and the body', () => {
  test.each([
    ['is needed before text', 'Hello', true],
    ['is needed before what looks like a field', 'A: 1\r\n', true],
    ['is there where the body begins with one', '\r\nHello', false],
    ['is not needed where there is no body', '', false],
  ])('%s', (_rule, start, expected) => {
    expect(needsEmptyLine(Buffer.from(start))).toBe(expected)
  })
})
