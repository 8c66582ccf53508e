import { describe, expect, test } from 'vitest'
import { type Body, bodyOf } from '../src/message/body.ts'
import { Headers } from '../src/message/headers.ts'
import { withLf } from '../src/message/line-ends.ts'
import { type Message, messageOctets } from '../src/message/message.ts'
import { cuts } from './cuts.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

async function textOf(octets: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const chunk of octets) text += Buffer.from(chunk).toString('latin1')
  return text
}

async function* each(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces
}

describe('a body', () => {
  const body = bodyOf(bytes('ab'), bytes(''), bytes('cde'), bytes('f'))

  test('has the size of all its octets', () => {
    expect(body.size).toBe(6)
    expect(bodyOf().size).toBe(0)
  })

  test.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'is read from offset %i, as often as one likes',
    async (from) => {
      expect(await textOf(body.read(from))).toBe('abcdef'.slice(from))
      expect(await textOf(body.read(from))).toBe('abcdef'.slice(from))
    },
  )

  test('is read from its beginning', async () => {
    expect(await textOf(body.read())).toBe('abcdef')
  })

  test('gives its octets as they lie in memory', () => {
    const chunk = bytes('a')
    expect(bodyOf(chunk).inMemory?.[0]).toBe(chunk)
  })
})

/** A body that gives its octets in these pieces, empty ones too. */
const inPieces = (pieces: readonly Uint8Array[]): Body => ({
  size: Buffer.concat(pieces).length,
  inMemory: undefined,
  read: () => each(pieces),
})

const message = (section: string, ...body: readonly string[]): Message => ({
  id: 'a.1',
  headers: new Headers(section),
  body: inPieces(body.map(bytes)),
  size: 0,
})

describe('RFC 5322 §2.1: the octets of a message', () => {
  test.each([
    [
      'section and body as they came',
      message('A: \xff\r\n', '\r\nb\0\r\n'),
      'A: \xff\r\n\r\nb\0\r\n',
    ],
    ['fields alone', message('A: 1\r\n'), 'A: 1\r\n'],
    ['an empty body', message('A: 1\r\n', '\r\n'), 'A: 1\r\n\r\n'],
    ['nothing', message(''), ''],
    ['no fields at all: no empty line', message('', 'Hello\r\n'), 'Hello\r\n'],
    ['an empty line that came first stays one', message('', '\r\nHello\r\n'), '\r\nHello\r\n'],
    [
      'Q8: an empty line above text that came without fields',
      message('A: 1\r\n', 'Hello\r\n'),
      'A: 1\r\n\r\nHello\r\n',
    ],
    [
      'Q8: one above text that looks like a field',
      message('A: 1\r\n', ' b: 2\r\n'),
      'A: 1\r\n\r\n b: 2\r\n',
    ],
    [
      'no second one above an empty line',
      message('A: 1\r\n', '\r\nHello\r\n'),
      'A: 1\r\n\r\nHello\r\n',
    ],
    [
      'no second one where it comes in two pieces',
      message('A: 1\r\n', '\r', '\nb\r\n'),
      'A: 1\r\n\r\nb\r\n',
    ],
    [
      'one at most',
      message('A: 1\r\n', 'a\r\n', 'b\r\n', '\r\nc\r\n'),
      'A: 1\r\n\r\na\r\nb\r\n\r\nc\r\n',
    ],
    ['an empty piece first decides nothing', message('A: 1\r\n', '', 'a\r\n'), 'A: 1\r\n\r\na\r\n'],
    [
      'an empty piece first adds nothing',
      message('A: 1\r\n', '', '\r\na\r\n'),
      'A: 1\r\n\r\na\r\n',
    ],
  ])('%s', async (_rule, whole, expected) => {
    expect(await textOf(messageOctets(whole))).toBe(expected)
  })
})

describe('D4: every CRLF is LF in a Unix file, at every cut', () => {
  test.each([
    ['CRLF', 'a\r\nb\r\n', 'a\nb\n'],
    ['empty lines', '\r\n\r\n\r\n', '\n\n\n'],
    ['LF stays', 'a\nb\n', 'a\nb\n'],
    ['a CR within a line stays', 'a\rb\r\n', 'a\rb\n'],
    ['a CR before CRLF stays', 'a\r\r\nb', 'a\r\nb'],
    ['a CR last stays', 'a\r', 'a\r'],
    ['CRs alone stay', '\r\r\r', '\r\r\r'],
    ['LF CR stays', '\n\r\n\r', '\n\n\r'],
    ['CR NUL LF stays', '\r\0\n', '\r\0\n'],
    ['other octets stay', '\xff\x85\0.\r\n', '\xff\x85\0.\n'],
    ['nothing', '', ''],
  ])('%s', async (_rule, input, output) => {
    for (const pieces of cuts(input)) expect(await textOf(withLf(each(pieces)))).toBe(output)
  })

  test('all strings of up to six of CR, LF and a letter', async () => {
    let inputs = ['']
    const wrong: string[] = []
    for (let length = 1; length <= 6; length++) {
      inputs = inputs.flatMap((input) => ['\r', '\n', 'a'].map((octet) => input + octet))
      for (const input of inputs) {
        const expected = input.replaceAll('\r\n', '\n')
        for (const pieces of cuts(input))
          if ((await textOf(withLf(each(pieces)))) !== expected) wrong.push(input)
      }
    }
    expect(wrong).toEqual([])
  })

  test('what came is not changed', async () => {
    const chunk = bytes('a\r\nb\r\n')
    await textOf(withLf(each([chunk])))
    expect(chunk.toString()).toBe('a\r\nb\r\n')
  })
})
