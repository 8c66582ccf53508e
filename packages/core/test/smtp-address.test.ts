import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isInternational, parseMailbox } from '../src/smtp/address.ts'

const good: readonly (readonly [
  rule: string,
  text: string,
  local: string,
  domain: string | undefined,
])[] = [
  ['a plain mailbox', 'ask@perl.org', 'ask', 'perl.org'],
  ['every character of an atom', "!#$%&'*+-/=?^_`{|}~@a.b", "!#$%&'*+-/=?^_`{|}~", 'a.b'],
  ['dots between atoms', 'a.b.c@d', 'a.b.c', 'd'],
  ['RFC 5321 §2.4: the case of the local part stays', 'John.Doe@a.b', 'John.Doe', 'a.b'],
  ['RFC 5321 §2.4: the case of the domain does not matter', 'a@EXAMPLE.Com', 'a', 'example.com'],
  ['a percent is a letter like others', 'a%b.example@c.example', 'a%b.example', 'c.example'],
  ['%00 is three letters', 'a%00@b', 'a%00', 'b'],
  ['a quoted local part', '"John Doe"@a.b', 'John Doe', 'a.b'],
  ['quotes may be needless', '"john"@a.b', 'john', 'a.b'],
  ['an escaped quote', String.raw`"a\"b"@c`, 'a"b', 'c'],
  ['an escaped backslash', String.raw`"a\\"@c`, 'a\\', 'c'],
  ['an escaped letter is that letter', String.raw`"\a\b"@c`, 'ab', 'c'],
  ['an @ in quotes is part of the local part', '"a@b"@c', 'a@b', 'c'],
  ['angle brackets in quotes are too', '"a>b<c"@d', 'a>b<c', 'd'],
  ['an empty quoted string', '""@a', '', 'a'],
  ['dots anywhere in quotes', '"..a.."@b', '..a..', 'b'],
  ['RFC 5321 §4.1.1.3: postmaster without a domain', 'postmaster', 'postmaster', undefined],
  ['__proto__ is a name like others', '__proto__@__proto__', '__proto__', '__proto__'],
  ['RFC 6531 §3.3: a local part in UTF-8', 'müller@a.b', 'müller', 'a.b'],
  ['RFC 6531 §3.3: UTF-8 in quotes', '"jörg müller"@a.b', 'jörg müller', 'a.b'],
  ['characters beyond the BMP', '🙂@a.b', '🙂', 'a.b'],
]

const bad: readonly (readonly [rule: string, text: string])[] = [
  ['nothing', ''],
  ['no local part', '@a.b'],
  ['no domain behind @', 'a@'],
  ['two @', 'a@b@c'],
  ['a dot first', '.a@b'],
  ['a dot last', 'a.@b'],
  ['two dots', 'a..b@c'],
  ['a blank in the local part', 'a b@c'],
  ['a blank before it', ' a@b'],
  ['a blank behind it', 'a@b '],
  ['a blank before @', 'a @b'],
  ['a blank behind @', 'a@ b'],
  ['a blank in the domain', 'a@b c'],
  ['a TAB', 'a\t@b'],
  ['a CR', 'a\r@b'],
  ['an LF', 'a@b\n'],
  ['CRLF in the domain', 'a@b\r\nRCPT'],
  ['NUL', 'a\0@b'],
  ['NUL in quotes', '"a\0"@b'],
  ['CR in quotes', '"a\r"@b'],
  ['an escaped CR in quotes', '"a\\\r"@b'],
  ['an escaped letter beyond ASCII', '"\\é"@b'],
  ['a C1 control', 'a\u0085@b'],
  ['angle brackets', '<a@b>'],
  ['a comma', 'a,b@c'],
  ['a colon', 'a:b@c'],
  ['a comment', 'a(comment)@b'],
  ['an open quote', '"a@b'],
  ['a quote within an atom', 'a"b"@c'],
  ['letters behind a quote', '"a"b@c'],
  ['a backslash outside of quotes', String.raw`a\@b@c`],
  ['a backslash that escapes the last quote', String.raw`"a\"@b`],
  ['a bare quote in quotes', '"a"b"@c'],
]

describe('RFC 5321 §4.1.2: what a mailbox is', () => {
  test.each(good)('%s', (_rule, text, local, domain) => {
    expect(parseMailbox(text)).toEqual({ local, domain, text })
  })
})

describe('RFC 5321 §4.1.2: what no mailbox is', () => {
  test.each(bad)('%s', (_rule, text) => {
    expect(parseMailbox(text)).toBeUndefined()
  })
})

describe('RFC 6531 §3.4: an address that only travels with SMTPUTF8', () => {
  test.each([
    ['ASCII does not need it', 'a@b.example', false],
    ['a local part in UTF-8 does', 'ä@b.example', true],
    ['so does a U-label', 'a@bücher.example', true],
    ['an A-label does not', 'a@xn--bcher-kva.example', false],
  ])('%s', (_rule, text, expected) => {
    const address = parseMailbox(text)
    expect(address).toBeDefined()
    expect(isInternational(address!)).toBe(expected)
  })

  test('the empty reverse-path does not need it', () => {
    expect(isInternational(null)).toBe(false)
  })
})

const runs = { seed: 2026, numRuns: 1_000 }
/** Any UTF-16 units, broken pairs too, with a liking for those that the grammar knows. */
const anything = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Array.from('"\\@<>[]:.,% \t\r\n\0')),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    ),
  )
  .map((parts) => parts.join(''))

const letters = (set: string): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from(set)), minLength: 1, maxLength: 12 })
const alphanumeric = 'abcxyzABCXYZ0189'
const dotString = fc
  .array(letters(`${alphanumeric}!#$%&'*+-/=?^_\`{|}~äß日🙂`), { minLength: 1, maxLength: 4 })
  .map((atoms) => atoms.join('.'))
const quoted = fc
  .string({ unit: fc.constantFrom(...Array.from(` "\\@<>.,;:()[]${alphanumeric}`)), maxLength: 20 })
  .map((local) => ({ local, spelled: `"${local.replaceAll(/["\\]/g, String.raw`\$&`)}"` }))
const domain = fc
  .array(letters(alphanumeric), { minLength: 1, maxLength: 5 })
  .map((labels) => labels.join('.'))

describe('RFC 5321 §4.1.2: any text is a mailbox or is none', () => {
  test('nothing throws, and what is one is kept as it was', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const address = parseMailbox(text)
        expect(address?.text ?? text).toBe(text)
      }),
      runs,
    )
  })

  test('local part and domain of a dot-string mailbox come back', () => {
    fc.assert(
      fc.property(dotString, domain, (local, host) => {
        const text = `${local}@${host}`
        expect(parseMailbox(text)).toEqual({ local, domain: host.toLowerCase(), text })
      }),
      runs,
    )
  })

  test('local part and domain of a quoted mailbox come back', () => {
    fc.assert(
      fc.property(quoted, domain, ({ local, spelled }, host) => {
        const text = `${spelled}@${host}`
        expect(parseMailbox(text)).toEqual({ local, domain: host.toLowerCase(), text })
      }),
      runs,
    )
  })
})
