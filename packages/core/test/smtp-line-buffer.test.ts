import { describe, expect, test } from 'vitest'
import { commandLine, endlessLine } from '../src/smtp/limits.ts'
import { type Line, LineBuffer } from '../src/smtp/line-buffer.ts'

const long: Line = { fault: 'long' }
const stray: Line = { fault: 'stray' }
const octets: Line = { fault: 'octets' }
const text = (line: string): Line => ({ text: line })
const utf8 = (line: string): string => Buffer.from(line).toString('latin1')

const rows: readonly (readonly [rule: string, input: string, lines: readonly Line[]])[] = [
  ['CRLF ends a line', 'NOOP\r\nQUIT\r\n', [text('NOOP'), text('QUIT')]],
  ['a line may be empty', '\r\nQUIT\r\n', [text(''), text('QUIT')]],
  ['a line without end is none yet', 'NOOP\r\nQU', [text('NOOP')]],
  ['a CR without its LF ends nothing yet', 'QUIT\r', []],
  ['V26: LF ends no line', 'NOOP\nQUIT\r\nRSET\r\n', [stray, text('RSET')]],
  ['LF alone is a fault at once', 'NOOP\n', [stray]],
  ['LF LF is one fault', '\n\nNOOP\r\nRSET\r\n', [stray, text('RSET')]],
  [
    'CRLF LF is a line and a fault',
    'NOOP\r\n\nQUIT\r\nRSET\r\n',
    [text('NOOP'), stray, text('RSET')],
  ],
  ['LF CRLF is one fault', 'NOOP\n\r\nRSET\r\n', [stray, text('RSET')]],
  ['LF CR LF CR is one fault', 'a\n\rb\n\rc\r\nRSET\r\n', [stray, text('RSET')]],
  ['CR ends no line', 'NOOP\rQUIT\r\nRSET\r\n', [stray, text('RSET')]],
  ['CR CRLF is a fault', 'NOOP\r\r\nRSET\r\n', [stray, text('RSET')]],
  ['CR NUL LF is a fault', 'NOOP\r\0\nQUIT\r\nRSET\r\n', [stray, text('RSET')]],
  ['NUL is no command', 'NO\0OP\r\nRSET\r\n', [octets, text('RSET')]],
  ['DEL is no command', 'NOOP\x7f\r\nRSET\r\n', [octets, text('RSET')]],
  ['ESC is no command', 'NOOP \x1b[31m\r\n', [octets]],
  ['VT and FF are no blanks', 'NOOP\x0bx\r\nNOOP\x0cx\r\n', [octets, octets]],
  ['a C1 control is none either', `NOOP ${utf8('\u0085')}\r\n`, [octets]],
  ['TAB is a blank', 'NOOP\tx\r\n', [text('NOOP\tx')]],
  [
    'RFC 6531 §3.1: UTF-8 is read',
    `${utf8('RCPT TO:<müller@日本.🙂>')}\r\n`,
    [text('RCPT TO:<müller@日本.🙂>')],
  ],
  ['a byte order mark is kept', `${utf8('\ufeffQUIT')}\r\n`, [text('\ufeffQUIT')]],
  ['latin1 is no UTF-8', 'NOOP m\xfcller\r\nRSET\r\n', [octets, text('RSET')]],
  ['UTF-8 cut off is none', 'NOOP \xc3\r\nRSET\r\n', [octets, text('RSET')]],
  ['overlong UTF-8 is none', 'NOOP \xc0\x8a\r\nRSET\r\n', [octets, text('RSET')]],
  ['a surrogate is no UTF-8', 'NOOP \xed\xa0\x80\r\nRSET\r\n', [octets, text('RSET')]],
]

/** RFC 5321 §2.3.8 and the limits, octet by octet. What comes behind an endless line is not read. */
function reference(input: string): readonly Line[] {
  const lines: Line[] = []
  let start = 0
  let reported = false
  for (let at = 0; at < input.length; at++) {
    const length = at + 1 - start
    const ends = length > 1 && input[at - 1] === '\r' && input[at] === '\n'
    if (length > endlessLine) return [...lines, { fault: 'endless' }]
    if (!reported && (length > commandLine || input[at] === '\n')) {
      reported = true
      if (length > commandLine) lines.push(long)
      else lines.push(ends ? decode(input.slice(start, at - 1)) : stray)
    }
    if (ends) {
      start = at + 1
      reported = false
    }
  }
  return lines
}

function decode(line: string): Line {
  if (line.includes('\r')) return stray
  const decoded = Buffer.from(line, 'latin1').toString()
  if (utf8(decoded) !== line) return octets
  return /[^\t\P{Cc}]/u.test(decoded) ? octets : text(decoded)
}

/** The same by the buffer, asked after every piece. */
function read(pieces: Iterable<Buffer>): readonly Line[] {
  const buffer = new LineBuffer()
  const lines: Line[] = []
  for (const piece of pieces) {
    buffer.push(piece)
    for (let line = buffer.next(); line !== undefined; line = buffer.next()) {
      lines.push(line)
      if ('fault' in line && line.fault === 'endless') return lines
    }
  }
  return lines
}

function* piecesOf(input: string, size: number): Generator<Buffer> {
  const all = Buffer.from(input, 'latin1')
  for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size)
}

/** Whole, cut in two at each of these octets, and octet by octet. */
function* cuts(input: string, places: Iterable<number>): Generator<Iterable<Buffer>> {
  const all = Buffer.from(input, 'latin1')
  yield [all]
  for (const at of places) yield [all.subarray(0, at), Buffer.alloc(0), all.subarray(at)]
  yield piecesOf(input, 1)
}

describe('RFC 5321 §2.3.8: only CRLF ends a line, and the lines are the same at every cut', () => {
  test.each(rows)('%s', (_rule, input, lines) => {
    expect(reference(input)).toEqual(lines)
    for (const pieces of cuts(input, Array(input.length).keys()))
      expect(read(pieces)).toEqual(lines)
  })

  test('all strings of up to six of CR, LF, NUL and a letter, at every cut', () => {
    let inputs = ['']
    const wrong = new Set<string>()
    for (let length = 1; length <= 6; length++) {
      inputs = inputs.flatMap((input) => ['\r', '\n', '\0', 'a'].map((octet) => input + octet))
      for (const head of inputs) {
        const input = `${head}\r\nQUIT\r\n`
        const expected = JSON.stringify(reference(input))
        for (const pieces of cuts(input, Array(head.length + 2).keys()))
          if (JSON.stringify(read(pieces)) !== expected) wrong.add(input)
      }
    }
    expect([...wrong]).toEqual([])
  })
})

const a = (length: number): string => 'a'.repeat(length)

const lengths: readonly (readonly [rule: string, input: string, lines: readonly Line[]])[] = [
  ['4,096 octets with CRLF are a line', `${a(4_094)}\r\nRSET\r\n`, [text(a(4_094)), text('RSET')]],
  ['4,097 octets are too long', `${a(4_095)}\r\nRSET\r\n`, [long, text('RSET')]],
  ['4,098 octets are too long', `${a(4_096)}\r\nRSET\r\n`, [long, text('RSET')]],
  ['4,097 octets are too long before their end has come', a(4_097), [long]],
  ['4,096 octets without end are no line yet', a(4_096), []],
  ['a stray LF counts before the limit', `${a(4_095)}\n${a(9)}\r\nRSET\r\n`, [stray, text('RSET')]],
  ['a stray LF does not count behind it', `${a(4_096)}\n${a(9)}\r\nRSET\r\n`, [long, text('RSET')]],
  ['an LF does not end what is skipped', `${a(5_000)}\nDATA\r\nRSET\r\n`, [long, text('RSET')]],
  ['a CR does not end what is skipped', `${a(5_000)}\rDATA\r\nRSET\r\n`, [long, text('RSET')]],
  ['65,536 octets are skipped', `${a(65_534)}\r\nRSET\r\n`, [long, text('RSET')]],
  ['65,537 octets are endless', `${a(65_535)}\r\nRSET\r\n`, [long, { fault: 'endless' }]],
  ['65,537 octets are endless before their end has come', a(65_537), [long, { fault: 'endless' }]],
  ['65,536 octets without end are not yet', a(65_536), [long]],
  ['lines that LF ends are endless too', 'a\n'.repeat(32_769), [stray, { fault: 'endless' }]],
]

describe('RFC 5321 §4.5.3.1.4: the limit of a line', () => {
  test.each(lengths)('%s', (_rule, input, lines) => {
    expect(reference(input)).toEqual(lines)
    const edges = [commandLine, endlessLine].flatMap((edge) =>
      [-3, -2, -1, 0, 1, 2].map((n) => edge + n),
    )
    for (const pieces of cuts(input, [1, 1_000, ...edges])) expect(read(pieces)).toEqual(lines)
    for (const size of [999, commandLine - 1, commandLine, commandLine + 1])
      expect(read(piecesOf(input, size))).toEqual(lines)
  })

  test('nothing is kept of what is skipped', () => {
    const buffer = new LineBuffer()
    buffer.push(Buffer.from(a(commandLine + 1)))
    expect(buffer.next()).toEqual(long)
    for (let skipped = commandLine; skipped < endlessLine - 2_000; skipped += 1_000) {
      expect(buffer.next()).toBeUndefined()
      expect(buffer.length).toBe(0)
      buffer.push(Buffer.from(a(1_000)))
    }
    buffer.push(Buffer.from('\r\nRSET\r\n'))
    expect(buffer.next()).toEqual(text('RSET'))
  })
})

describe('octets for a reader of another kind', () => {
  test('take gives all that waits, and what it leaves comes back', () => {
    const buffer = new LineBuffer()
    buffer.push(Buffer.from('DATA\r\na\r\n.\r\nQUIT\r\n'))
    expect(buffer.next()).toEqual(text('DATA'))
    const taken = buffer.take()
    expect(taken.toString()).toBe('a\r\n.\r\nQUIT\r\n')
    expect(buffer.length).toBe(0)
    buffer.push(taken.subarray(6))
    expect(buffer.length).toBe(6)
    expect(buffer.next()).toEqual(text('QUIT'))
    expect(buffer.next()).toBeUndefined()
  })

  test('take gives a line that has been looked at in vain', () => {
    const buffer = new LineBuffer()
    buffer.push(Buffer.from('QU'))
    expect(buffer.next()).toBeUndefined()
    expect(buffer.take().toString()).toBe('QU')
    buffer.push(Buffer.from('a\r\n'))
    expect(buffer.next()).toEqual(text('a'))
  })

  test('clear forgets what waits', () => {
    const buffer = new LineBuffer()
    buffer.push(new Uint8Array([65, 66]))
    buffer.clear()
    expect(buffer.length).toBe(0)
    buffer.push(Buffer.from('C\r\n'))
    expect(buffer.next()).toEqual(text('C'))
  })
})
