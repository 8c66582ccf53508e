import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { replyLine } from '../src/smtp/limits.ts'
import { encodeReply, reply, replyLines } from '../src/smtp/reply.ts'

describe('RFC 5321 §4.2.1: a reply as it goes over the wire', () => {
  test('one line', () => {
    expect(encodeReply(reply(354, undefined, 'go ahead'))).toBe('354 go ahead\r\n')
  })

  test('RFC 2034 §4: one line with its status', () => {
    expect(encodeReply(reply(250, '2.1.5', 'ok'))).toBe('250 2.1.5 ok\r\n')
  })

  test('V34: every line but the last has a hyphen', () => {
    expect(encodeReply(reply(250, undefined, 'mx', 'PIPELINING', 'SIZE'))).toBe(
      '250-mx\r\n250-PIPELINING\r\n250 SIZE\r\n',
    )
  })

  test('RFC 2034 §4: every line has the status', () => {
    expect(encodeReply(reply(550, '5.7.1', 'no', 'never'))).toBe(
      '550-5.7.1 no\r\n550 5.7.1 never\r\n',
    )
  })

  test('Q4: an empty text is said all the same', () => {
    expect(encodeReply(reply(550, undefined, ''))).toBe('550 \r\n')
    expect(encodeReply(reply(550, '5.7.1', '', ''))).toBe('550-5.7.1 \r\n550 5.7.1 \r\n')
  })

  test('text beyond ASCII stays', () => {
    expect(encodeReply(reply(250, undefined, 'größer 🙂'))).toBe('250 größer 🙂\r\n')
  })
})

describe('RFC 5321 §4.2: what can be no reply throws', () => {
  test.each([199, 600, 0, -250, 250.5, Number.NaN, 2_500])('code %s', (code) => {
    expect(() => reply(code, undefined, 'text')).toThrow(RangeError)
  })

  test.each([
    ['RFC 2034 §4: a class that is not the code’s', 550, '4.7.1'],
    ['success with a failure’s status', 250, '5.0.0'],
    ['a status behind an intermediate reply', 354, '3.0.0'],
    ['a class that is none', 250, '1.0.0'],
    ['RFC 3463 §2: two numbers', 250, '2.0'],
    ['four numbers', 250, '2.0.0.0'],
    ['a number of four digits', 250, '2.1000.0'],
    ['letters', 250, '2.x.0'],
    ['a line break', 250, '2.0.0\n'],
    ['nothing', 250, ''],
  ])('%s', (_rule, code, status) => {
    expect(() => reply(code, status, 'text')).toThrow(RangeError)
  })

  test.each(['\0', '\t', '\n', '\r', '\r\n250 ok', '\x1b[31m', '\x7f', '\u0085', '\u009b'])(
    'the control octet of %j in a line',
    (text) => {
      expect(() => reply(250, undefined, `a${text}`)).toThrow(RangeError)
      expect(() => reply(250, undefined, 'a', text, 'b')).toThrow(RangeError)
    },
  )
})

const rows: readonly (readonly [rule: string, text: string, lines: readonly string[]])[] = [
  ['one line stays', 'no', ['no']],
  ['nothing is one empty line', '', ['']],
  ['CRLF, LF and CR break', 'a\r\nb\nc\rd', ['a', 'b', 'c', 'd']],
  ['a line break last is none', 'no\r\n', ['no']],
  ['empty lines are dropped', 'a\n\n\r\n\rb', ['a', 'b']],
  ['control octets become ?', 'a\0b\tc\x1bd\x7fe\u0085f', ['a?b?c?d?e?f']],
  ['line separators of Unicode are characters', 'a\u2028b', ['a\u2028b']],
  ['a code in the text is text', '250 ok\r\n250 ok', ['250 ok', '250 ok']],
]

describe('any text is made fit to be said', () => {
  test.each(rows)('%s', (_rule, text, lines) => {
    expect(replyLines(text)).toEqual(lines)
  })

  test('no more than 50 lines', () => {
    expect(replyLines('a\n'.repeat(51))).toEqual(Array(50).fill('a'))
  })

  test('a text that just fits stays whole', () => {
    const text = 'x'.repeat(replyLine - '550-5.123.123 \r\n'.length)
    expect(replyLines(text)).toEqual([text])
    expect(replyLines(`${text}x`)).toEqual([`${text.slice(3)}...`])
  })
})

const runs = { seed: 2026, numRuns: 1_000 }
/** Short and long texts of any UTF-16 units, with line breaks in them. */
const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\r\n',
        '\n',
        '\r',
        '\t',
        '\0',
        'x'.repeat(494),
        'é'.repeat(247),
        '日'.repeat(165),
      ),
      fc.string({ unit: 'binary' }),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.integer({ min: 0, max: 300 }).map((count) => '🙂'.repeat(count)),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''))

describe('whatever a text is made of', () => {
  test('RFC 5321 §4.5.3.1.5: no line has more than 512 octets with code, status and CRLF', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const wire = encodeReply(reply(550, '5.123.123', ...replyLines(text)))
        const longest = Math.max(...wire.split(/(?<=\r\n)/).map((line) => Buffer.byteLength(line)))
        expect(longest).toBeLessThanOrEqual(replyLine)
      }),
      runs,
    )
  })

  test('no line has a control octet', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(replyLines(text).join('')).not.toMatch(/\p{Cc}/u)
      }),
      runs,
    )
  })

  test('no character is split', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(replyLines(text.toWellFormed()).every((line) => line.isWellFormed())).toBe(true)
      }),
      runs,
    )
  })

  test('a line is one of the text, or begins like it', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const lines = text.replaceAll(/(?![\r\n])\p{Cc}/gu, '?').split(/[\r\n]+/)
        const strange = replyLines(text).filter(
          (line) =>
            !lines.includes(line) &&
            !lines.some((whole) => line.endsWith('...') && whole.startsWith(line.slice(0, -3))),
        )
        expect(strange).toEqual([])
      }),
      runs,
    )
  })
})
