import { describe, expect, test } from 'vitest'
import { DotReader } from '../src/smtp/dot-reader.ts'
import { cuts } from './cuts.ts'

interface Data {
  readonly content: string
  /** What follows the end of the data; undefined where it has not come. */
  readonly rest: string | undefined
  /** True where a CR or LF is no CRLF. */
  readonly stray: boolean
}

const rows: readonly (readonly [
  rule: string,
  input: string,
  content: string,
  rest: string | undefined,
  stray: boolean,
])[] = [
  ['CRLF . CRLF ends it', 'a\r\n.\r\n', 'a\r\n', '', false],
  ['a dot on the first line ends it', '.\r\n', '', '', false],
  ['a pipelined QUIT is left', '.\r\nQUIT\r\n', '', 'QUIT\r\n', false],
  ['a second end is left', 'a\r\n.\r\n.\r\n', 'a\r\n', '.\r\n', false],
  ['Q6: the first of two dots goes', 'a\r\n..b\r\n.\r\n', 'a\r\n.b\r\n', '', false],
  ['Q6: a dot goes whatever follows it', 'a\r\n.b\r\n.\r\n', 'a\r\nb\r\n', '', false],
  ['the first of two dots goes on the first line', '..\r\n.\r\n', '.\r\n', '', false],
  ['only one dot goes', '...\r\n.\r\n', '..\r\n', '', false],
  ['a dot and a blank do not end it', '. \r\n.\r\n', ' \r\n', '', false],
  ['a dot within a line stays', 'a.\r\nb.c\r\n.\r\n', 'a.\r\nb.c\r\n', '', false],
  ['D5, Q7: LF . LF does not end it', 'a\n.\nb\r\n.\r\n', 'a\n.\nb\r\n', '', true],
  ['D5, Q7: LF . CRLF does not end it', 'a\n.\r\nb\r\n.\r\n', 'a\n.\r\nb\r\n', '', true],
  ['CRLF . LF does not end it', 'a\r\n.\nb\r\n.\r\n', 'a\r\n\nb\r\n', '', true],
  ['CR . CR does not end it', 'a\r.\rb\r\n.\r\n', 'a\r.\rb\r\n', '', true],
  ['CR . CRLF does not end it', 'a\r.\r\nb\r\n.\r\n', 'a\r.\r\nb\r\n', '', true],
  ['CRLF . CR does not end it', 'a\r\n.\rb\r\n.\r\n', 'a\r\n\rb\r\n', '', true],
  ['CRLF . CR CRLF does not end it', 'a\r\n.\r\r\n.\r\n', 'a\r\n\r\r\n', '', true],
  ['CR CRLF . CRLF ends it', 'a\r\r\n.\r\n', 'a\r\r\n', '', true],
  ['LF CR . CRLF does not end it', 'a\n\r.\r\n\r\n.\r\n', 'a\n\r.\r\n\r\n', '', true],
  ['CRLF NUL . CRLF does not end it', '\r\n\0.\r\n.\r\n', '\r\n\0.\r\n', '', false],
  ['CRLF . NUL CRLF does not end it', '\r\n.\0\r\n.\r\n', '\r\n\0\r\n', '', false],
  ['CR NUL LF is no line end', 'a\r\0\n.\r\nb\r\n.\r\n', 'a\r\0\n.\r\nb\r\n', '', true],
  ['LF behind an empty line is stray', '\r\n\n.\r\n\r\n.\r\n', '\r\n\n.\r\n\r\n', '', true],
  ['a line behind LF keeps its dots', 'a\n..\r\n.\r\n', 'a\n..\r\n', '', true],
  ['octets beyond ASCII stay', '\x85\xff\u00a0\r\n.\r\n', '\x85\xff\u00a0\r\n', '', false],
  ['data without end has none', 'a\r\n.', 'a\r\n', undefined, false],
  ['a last CR may still be half of the end', 'a\r\n.\r', 'a\r\n', undefined, false],
  ['a last CR may still be half of a CRLF', 'a\r', 'a\r', undefined, false],
  ['what follows the end is not looked at', '.\r\na\nb', '', 'a\nb', false],
]

/** RFC 5321 §4.5.2, octet by octet and with all of the input in view. */
function reference(input: string): Data {
  let content = ''
  let stray = false
  for (let at = 0; at < input.length; at++) {
    const octet = input[at]!
    const next = input[at + 1]
    if (at === 0 || input.slice(at - 2, at) === '\r\n') {
      const line = input.slice(at, at + 3)
      if (line === '.\r\n') return { content, rest: input.slice(at + 3), stray }
      if (line === '.\r') break
      if (octet === '.') continue
    }
    if (octet === '\r' && next !== undefined && next !== '\n') stray = true
    if (octet === '\n' && input[at - 1] !== '\r') stray = true
    content += octet
  }
  return { content, rest: undefined, stray }
}

/** The same by the reader, the input coming in these pieces. */
function read(pieces: readonly Buffer[]): Data {
  const reader = new DotReader()
  const content: Uint8Array[] = []
  let rest = ''
  for (const piece of pieces) {
    const consumed = reader.ended ? 0 : reader.read(piece, content)
    rest += piece.toString('latin1', consumed)
  }
  const { ended, stray } = reader
  return {
    content: content.length === 1 ? latin1(content[0]!) : latin1(Buffer.concat(content)),
    rest: ended ? rest : undefined,
    stray,
  }
}

const latin1 = (octets: Uint8Array): string =>
  Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1')

const isSame = (one: Data, other: Data): boolean =>
  one.content === other.content && one.rest === other.rest && one.stray === other.stray

describe('RFC 5321 §4.5.2: data is the same however it is cut', () => {
  test.each(rows)('%s', (_rule, input, content, rest, stray) => {
    const expected = { content, rest, stray }
    expect(reference(input)).toEqual(expected)
    for (const pieces of cuts(input)) expect(read(pieces), `${pieces.length}`).toEqual(expected)
  })
})

/** All strings of up to so many of CR, LF, CRLF, NUL and a dot. */
function strings(most: number): readonly string[] {
  let longest = ['']
  const all = new Set(longest)
  for (let length = 1; length <= most; length++) {
    longest = longest.flatMap((text) => ['\r', '\n', '\r\n', '\0', '.'].map((end) => text + end))
    for (const text of longest) all.add(text)
  }
  return [...all]
}

/** Inputs, of all with one text before a dot and one behind it, that the reader reads otherwise than the reference. */
function misread(before: readonly string[], after: readonly string[]): readonly string[] {
  const wrong = new Set<string>()
  for (const head of before)
    for (const tail of after) {
      const input = `a${head}.${tail}b\r\n.\r\nQUIT\r\n`
      const expected = reference(input)
      for (const pieces of cuts(input)) if (!isSame(read(pieces), expected)) wrong.add(input)
    }
  return [...wrong]
}

describe('RFC 5321 §4.5.2: nothing is smuggled in by CR, LF, CRLF, NUL and dots', () => {
  test('up to four before a dot, one behind it, at every cut', () => {
    expect(misread(strings(4), strings(1))).toEqual([])
  })

  test('up to four behind a dot, one before it, at every cut', () => {
    expect(misread(strings(1), strings(4))).toEqual([])
  })

  test('up to two on both sides, at every cut', () => {
    expect(misread(strings(2), strings(2))).toEqual([])
  })

  test('up to four on both sides, in one piece', () => {
    const sides = strings(4)
    const wrong = sides.flatMap((head) =>
      sides
        .map((tail) => `a${head}.${tail}b\r\n.\r\n`)
        .filter((input) => !isSame(read([Buffer.from(input, 'latin1')]), reference(input))),
    )
    expect(wrong).toEqual([])
  })
})
