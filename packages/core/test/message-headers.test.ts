import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Headers } from '../src/message/headers.ts'

const octets = (text: string): string => Buffer.from(text).toString('latin1')
const names = (headers: Headers): readonly string[] => headers.fields.map(({ name }) => name)

describe('RFC 5322 §2.2: fields', () => {
  test('stand in their order, names as they were written', () => {
    const headers = new Headers('Subject: a\r\nTO: b\r\nsubject: c\r\n')
    expect(headers.fields).toEqual([
      { name: 'Subject', raw: 'Subject: a\r\n' },
      { name: 'TO', raw: 'TO: b\r\n' },
      { name: 'subject', raw: 'subject: c\r\n' },
    ])
  })

  test('are found in any case, from top to bottom', () => {
    const headers = new Headers('Subject: a\r\nTo: b\r\nsubject: c\r\n')
    expect(headers.all('SUBJECT')).toEqual(['a', 'c'])
    expect(headers.first('sUBJECT')).toBe('a')
  })

  test('are not found by a part of their name', () => {
    const headers = new Headers('Subject: a\r\n')
    expect(headers.first('Subjec')).toBeUndefined()
    expect(headers.first('Subject:')).toBeUndefined()
    expect(headers.all('ubject')).toEqual([])
  })

  test.each([
    ['blanks around are no part of it', 'X: \t a b \t\r\n', 'a b'],
    ['a value needs no blank', 'X:a\r\n', 'a'],
    ['a value may be empty', 'X:\r\n', ''],
    ['a value may hold colons', 'X: a: b\r\n', 'a: b'],
    [
      'RFC 5322 §2.2.3: foldings are taken out, their blanks stay',
      'X: a\r\n b\r\n\tc\r\n',
      'a b\tc',
    ],
    ['a folding may come first', 'X:\r\n a\r\n', 'a'],
    ['RFC 5322 §4.5: blanks before the colon', 'X \t: a\r\n', 'a'],
    ['a line of blanks is a folding', 'X: a\r\n \r\n b\r\n', 'a  b'],
    ['A0 is no blank: it ends many a character', octets('X: voilà\r\n'), 'voilà'],
    ['A0 is no blank in front either', 'X: \xa0a\r\n', '\xa0a'],
  ])('a value: %s', (_rule, section, value) => {
    expect(new Headers(section).first('X')).toBe(value)
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length'])(
    '%s is a name like others',
    (name) => {
      expect(new Headers('A: 1\r\n').first(name)).toBeUndefined()
      const headers = new Headers(`${name}: 1\r\n${name}: 2\r\n`)
      expect(headers.all(name)).toEqual(['1', '2'])
      expect(headers.replace(name, '3').section).toBe(`${name}: 3\r\n`)
      expect(headers.remove(name).section).toBe('')
    },
  )

  test('a line that is no field is kept octet for octet, with what is folded behind it', () => {
    const section = 'A: 1\r\nno field\r\n folded\r\nnor \xff\0: this\r\nB: 2\r\n'
    const headers = new Headers(section)
    expect(names(headers)).toEqual(['A', '', '', 'B'])
    expect(headers.section).toBe(section)
    expect(headers.remove('A').section).toBe(section.slice('A: 1\r\n'.length))
  })
})

const before = new Headers('A: 1\r\nB: 2\r\n 2\r\nA: 3\r\nC: 4\r\n')

describe('a change leaves all other fields as they came', () => {
  test('prepend puts a field on top', () => {
    expect(before.prepend('A', '0').section).toBe(`A: 0\r\n${before.section}`)
  })

  test('replace puts it where the topmost was and takes the others out', () => {
    expect(before.replace('a', '5').section).toBe('a: 5\r\nB: 2\r\n 2\r\nC: 4\r\n')
    expect(before.replace('C', '5').section).toBe('A: 1\r\nB: 2\r\n 2\r\nA: 3\r\nC: 5\r\n')
  })

  test('replace puts it below all others where there was none', () => {
    expect(before.replace('D', '5').section).toBe(`${before.section}D: 5\r\n`)
    expect(new Headers('').replace('D', '5').section).toBe('D: 5\r\n')
  })

  test('remove takes out all of that name', () => {
    expect(before.remove('a').section).toBe('B: 2\r\n 2\r\nC: 4\r\n')
    expect(before.remove('B').section).toBe('A: 1\r\nA: 3\r\nC: 4\r\n')
  })

  test('a change of nothing is the same object', () => {
    expect(before.remove('D')).toBe(before)
    expect(before.without(() => false)).toBe(before)
  })

  test('a change is a new object', () => {
    const { section } = before
    before.prepend('X', '1').replace('A', '2').remove('B')
    expect(before.section).toBe(section)
    expect(names(before)).toEqual(['A', 'B', 'A', 'C'])
  })

  test('fields are those of the changed section', () => {
    const headers = before.prepend('X', '1').replace('A', '2').remove('B')
    expect(headers.fields).toEqual(new Headers(headers.section).fields)
    expect(names(headers)).toEqual(['X', 'A', 'C'])
  })

  test('RFC 6532 §3.2: text beyond ASCII is written in UTF-8', () => {
    expect(before.prepend('X', 'größer 🙂').section).toBe(
      octets('X: größer 🙂\r\n') + before.section,
    )
  })

  test('RFC 5322 §2.2.3: a value may be folded', () => {
    const { fields } = new Headers('').prepend('X', 'a\r\n b\r\n\tc')
    expect(fields).toEqual([{ name: 'X', raw: 'X: a\r\n b\r\n\tc\r\n' }])
  })
})

describe('a name or value that would not stay one field throws', () => {
  const bad: readonly (readonly [rule: string, name: string, value: string])[] = [
    ['a field behind CRLF', 'X', 'a\r\nBcc: b'],
    ['a field behind LF', 'X', 'a\nBcc: b'],
    ['a field behind CR', 'X', 'a\rBcc: b'],
    ['an empty line', 'X', 'a\r\n\r\nbody'],
    ['an empty line behind a folding', 'X', 'a\r\n \r\n\r\nbody'],
    ['a folding that is empty', 'X', 'a\r\n \r\n b'],
    ['a folding without text', 'X', 'a\r\n '],
    ['CRLF last', 'X', 'a\r\n'],
    ['CRLF first', 'X', '\r\na'],
    ['LF before a blank', 'X', 'a\n b'],
    ['CR CRLF', 'X', 'a\r\r\n b'],
    ['NUL', 'X', 'a\0b'],
    ['an empty name', '', 'a'],
    ['a colon in the name', 'X:', 'a'],
    ['a blank in the name', 'X Y', 'a'],
    ['CRLF in the name', 'X\r\nY', 'a'],
    ['LF behind the name', 'X\n', 'a'],
    ['UTF-8 in the name', 'Ä', 'a'],
  ]
  test.each(bad)('%s', (_rule, name, value) => {
    expect(() => before.prepend(name, value)).toThrow(RangeError)
    expect(() => before.replace(name, value)).toThrow(RangeError)
  })
})

const runs = { seed: 2026, numRuns: 1_000 }
const sections = fc
  .array(
    fc.constantFrom('A', 'Bb', ':', ': ', ' ', '\t', '\r\n', '\n', '\r', '\0', '\xff', 'x: y\r\n'),
  )
  .map((parts) => parts.join(''))

describe('whatever a section is made of', () => {
  test('its octets are kept, and its fields are all of it', () => {
    fc.assert(
      fc.property(sections, (section) => {
        const headers = new Headers(section)
        expect(headers.section).toBe(section)
        expect(headers.fields.map(({ raw }) => raw).join('')).toBe(section)
      }),
      runs,
    )
  })

  test('a value that may be written is one field, and is read again', () => {
    const values = fc.string({
      unit: fc.constantFrom(...Array.from('ab: \t\r\n\0')),
      maxLength: 12,
    })
    fc.assert(
      fc.property(values, (value) => {
        let headers = before
        try {
          headers = before.prepend('X', value)
        } catch {
          fc.pre(false)
        }
        expect(names(new Headers(headers.section))).toEqual(['X', 'A', 'B', 'A', 'C'])
        expect(headers.first('X')).toBe(
          value.replaceAll('\r\n', '').replace(/^[ \t]+|[ \t]+$/g, ''),
        )
      }),
      runs,
    )
  })
})
