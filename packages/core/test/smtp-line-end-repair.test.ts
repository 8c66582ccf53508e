import { describe, expect, test } from 'vitest'
import { LineEndRepair } from '../src/smtp/line-end-repair.ts'
import { cuts } from './cuts.ts'

const rows: readonly (readonly [rule: string, input: string, output: string])[] = [
  ['CRLF stays', 'a\r\nb\r\n', 'a\r\nb\r\n'],
  ['LF becomes CRLF', 'a\nb\n', 'a\r\nb\r\n'],
  ['CR becomes CRLF', 'a\rb\r', 'a\r\nb\r\n'],
  ['LF LF are two', '\n\n', '\r\n\r\n'],
  ['CR CR are two', '\r\r', '\r\n\r\n'],
  ['CR CRLF are two', '\r\r\n', '\r\n\r\n'],
  ['CRLF LF are two', '\r\n\n', '\r\n\r\n'],
  ['CRLF CR are two', '\r\n\r', '\r\n\r\n'],
  ['LF CR are two', '\n\r', '\r\n\r\n'],
  ['LF CRLF are two', '\n\r\n', '\r\n\r\n'],
  ['CR NUL LF are two', 'a\r\0\nb', 'a\r\n\0\r\nb'],
  ['a dot on a line so made stays', 'a\n.\nb\r\n', 'a\r\n.\r\nb\r\n'],
  [
    'NEL and other octets are no line ends',
    'a\x85\x0b\x0c\xe2\x80\xa8b',
    'a\x85\x0b\x0c\xe2\x80\xa8b',
  ],
  ['nothing stays nothing', '', ''],
]

function repaired(pieces: readonly Uint8Array[]): string {
  const repair = new LineEndRepair()
  const content: Uint8Array[] = []
  for (const piece of pieces) repair.push(piece, content)
  repair.end(content)
  return Buffer.concat(content).toString('latin1')
}

describe('D5: every CR and every LF that is no CRLF becomes one, at every cut', () => {
  test.each(rows)('%s', (_rule, input, output) => {
    for (const pieces of cuts(input)) expect(repaired(pieces)).toBe(output)
  })

  test('all strings of up to seven of CR, LF and a letter', () => {
    let inputs = ['']
    const wrong: string[] = []
    for (let length = 1; length <= 7; length++) {
      inputs = inputs.flatMap((input) => ['\r', '\n', 'a'].map((octet) => input + octet))
      for (const input of inputs) {
        const expected = input.replaceAll(/\r\n|\r|\n/g, '\r\n')
        for (const pieces of cuts(input)) if (repaired(pieces) !== expected) wrong.push(input)
      }
    }
    expect(wrong).toEqual([])
  })

  test('what needs no repair is passed on without a copy', () => {
    const chunk = Buffer.from('one line\r\nand another\r\n')
    const content: Uint8Array[] = []
    new LineEndRepair().push(chunk, content)
    expect(content).toHaveLength(1)
    expect(content[0]).toBe(chunk)
  })
})
