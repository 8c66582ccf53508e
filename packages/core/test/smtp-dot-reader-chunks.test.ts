import { describe, expect, test } from 'vitest'
import { DotReader } from '../src/smtp/dot-reader.ts'

/** Numbers from 0 up to `below`, the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** RFC 5321 §4.5.2, octet by octet and with all of the input in view. */
function reference(input: string): { content: string; stray: boolean; consumed: number } {
  const content: string[] = []
  let stray = false
  for (let at = 0; at < input.length; at++) {
    const octet = input[at]!
    if (at === 0 || (input[at - 2] === '\r' && input[at - 1] === '\n')) {
      if (input.startsWith('.\r\n', at))
        return { content: content.join(''), stray, consumed: at + 3 }
      if (octet === '.') continue
    }
    if (octet === '\r' && input[at + 1] !== '\n') stray = true
    if (octet === '\n' && input[at - 1] !== '\r') stray = true
    content.push(octet)
  }
  throw new Error('the input has no end')
}

function read(octets: Buffer, sizeOfPiece: () => number): ReturnType<typeof reference> {
  const reader = new DotReader()
  const content: Uint8Array[] = []
  let consumed = 0
  while (!reader.ended) {
    const piece = octets.subarray(consumed, consumed + sizeOfPiece())
    if (piece.length === 0) throw new Error('the end was not seen')
    consumed += reader.read(piece, content)
  }
  const { stray } = reader
  return { content: Buffer.concat(content).toString('latin1'), stray, consumed }
}

const end = '\r\n.\r\n'
const line = (length: number): string => 'x'.repeat(length)

/** Octets of which many are dots and line ends, right ones and others. */
function noise(seed: number, length: number, tokens: readonly string[]): string {
  const number = numbers(seed)
  let text = ''
  while (text.length < length)
    text += number(3) === 0 ? tokens[number(tokens.length)]! : String.fromCharCode(number(256))
  return text
}

const strict = ['\r\n', '\r\n.', '\r\n..', '.']
const loose = ['\r', '\n', '\r\n', '\r\n.', '\n.\r\n', '\r.\r\n', '\r\n.\r', '\r\n.\n', '.', '\0']

const inputs: readonly (readonly [name: string, input: string])[] = [
  ...Array.from(
    { length: 40 },
    (_, length) =>
      [`lines of ${length} octets`, `${line(length)}\r\n..${line(length)}${end}`] as const,
  ),
  ...[15, 16, 17, 31, 32, 33].map(
    (length) =>
      [
        `a CR behind ${length} octets and an LF behind twice as many`,
        `${line(length)}\r${line(length)}\n.\r\n${line(length)}\r\n.${line(length)}${end}`,
      ] as const,
  ),
  ['a line of 64 KiB', `${line(65_536)}\r\n..${line(65_536)}${end}`],
  ['64 KiB of empty lines', '\r\n'.repeat(32_768) + end],
  ['64 KiB of CRs', '\r'.repeat(65_536) + end],
  ['64 KiB of LFs', '\n'.repeat(65_536) + end],
  ['64 KiB of stuffed dots', '\r\n..'.repeat(16_384) + end],
  ['64 KiB of any octets', noise(1, 65_536, ['\r\nx']).replaceAll('\r\n.\r\n', '') + end],
  ...[2, 3, 4].map(
    (seed) => [`64 KiB of lines, ${seed}`, noise(seed, 65_536, strict) + end] as const,
  ),
  ...[5, 6, 7].map(
    (seed) => [`64 KiB of traps, ${seed}`, noise(seed, 65_536, loose) + end] as const,
  ),
]

describe('RFC 5321 §4.5.2: lines of any length, in pieces of any size', () => {
  test.each(inputs)('%s', (_name, input) => {
    const octets = Buffer.from(`${input}QUIT\r\n`, 'latin1')
    const expected = reference(octets.toString('latin1'))
    const number = numbers(octets.length)
    const sizes = [() => octets.length, () => 1, () => 1 + number(40), () => 1 + number(4_000)]
    for (const sizeOfPiece of sizes) {
      const { content, stray, consumed } = read(octets, sizeOfPiece)
      expect(content === expected.content).toBe(true)
      expect({ stray, consumed }).toEqual({ stray: expected.stray, consumed: expected.consumed })
    }
  })
})

describe('a body travels as slices of what came', () => {
  test('a chunk without dots is passed on as it is', () => {
    const chunk = Buffer.from('one line\r\nand another\r\n')
    const content: Uint8Array[] = []
    new DotReader().read(chunk, content)
    expect(content).toHaveLength(1)
    expect(content[0]).toBe(chunk)
  })

  test('slices share the memory of their chunk', () => {
    const chunk = Buffer.from('..one\r\n..two\r\n.\r\n')
    const content: Uint8Array[] = []
    new DotReader().read(chunk, content)
    expect(content.map(String)).toEqual(['.one\r\n', '.two\r\n'])
    expect(content.every(({ buffer }) => buffer === chunk.buffer)).toBe(true)
  })
})
