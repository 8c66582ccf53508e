import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDomain } from '../src/smtp/address.ts'

const label = (length: number): string => 'a'.repeat(length)
/** A domain of so many octets, every label within its limit. */
const long = (length: number): string => `${`${label(49)}.`.repeat(5)}${label(length - 250)}`

const good: readonly (readonly [rule: string, text: string, domain?: string])[] = [
  ['one label', 'localhost'],
  ['several labels', 'mx.example.com'],
  ['digits may come first', '3com.com'],
  ['hyphens within', 'a--b.c-d'],
  ['upper case becomes lower', 'MX.Example.COM', 'mx.example.com'],
  ['an underscore, as hosts have it', '_dmarc.ex_ample.com'],
  ['a label of 63 octets', `${label(63)}.example`],
  ['RFC 5321 §4.5.3.1.2: 255 octets', long(255)],
  ['numbers alone are labels', '192.0.2.1'],
  ['an A-label', 'XN--BCHER-KVA.example', 'xn--bcher-kva.example'],
  ['RFC 5891 §4.4: a U-label becomes an A-label', 'bücher.example', 'xn--bcher-kva.example'],
  ['a U-label in upper case too', 'BÜCHER.example', 'xn--bcher-kva.example'],
  ['a name of U-labels alone', '例え.テスト', 'xn--r8jz45g.xn--zckzah'],
  ['a character beyond the BMP', '🙂.example', 'xn--938h.example'],
  ['RFC 5321 §4.1.3: an IPv4 literal', '[192.0.2.1]'],
  ['the highest octets', '[255.255.255.255]'],
  ['an octet of three digits', '[001.002.003.004]'],
  ['an IPv6 literal', '[IPv6:2001:db8::1]'],
  ['an IPv6 literal whole', '[IPv6:2001:db8:0:0:0:0:0:1]'],
  ['the unspecified address', '[IPv6:::]'],
  ['IPv4 within IPv6', '[IPv6:::ffff:192.0.2.1]'],
  ['tag and digits in any case', '[ipV6:2001:DB8::A]', '[IPv6:2001:db8::a]'],
  ['names of every object', '__proto__.constructor'],
]

const bad: readonly (readonly [rule: string, text: string])[] = [
  ['nothing', ''],
  ['a dot', '.'],
  ['a dot first', '.example.com'],
  ['a dot last', 'example.com.'],
  ['two dots', 'example..com'],
  ['a hyphen first', '-a.example'],
  ['a hyphen last', 'a-.example'],
  ['a label of 64 octets', `${label(64)}.example`],
  ['RFC 5321 §4.5.3.1.2: 256 octets', long(256)],
  ['a U-label that is too long as an A-label', `${'ü'.repeat(63)}.example`],
  ['U-labels of 256 octets', `${'ü'.repeat(20)}.`.repeat(6) + label(10)],
  ['a blank', 'a b'],
  ['a TAB', 'a\tb'],
  ['an LF last', 'a\n'],
  ['NUL', 'a\0b'],
  ['a slash', 'a/b'],
  ['a slash and a U-label', 'ü/b'],
  ['a fullwidth slash', 'evil.example／b'],
  ['a fullwidth @', 'a＠b'],
  ['a fullwidth colon', 'ü：25'],
  ['a port', 'ü.example:25'],
  ['an escape', 'ü%2eexample'],
  ['digits that IDNA would make an address of', '１２７.０.０.１'],
  ['a no-break space', 'a\u00a0b'],
  ['a trailing dot behind a U-label', 'bücher.example.'],
  ['an A-label last that is none', 'ü.xn--0'],
  ['IPv4 octet 256', '[192.0.2.256]'],
  ['IPv4 of three octets', '[192.0.2]'],
  ['IPv4 of five octets', '[192.0.2.1.1]'],
  ['IPv4 in hexadecimal', '[0x7f.0.0.1]'],
  ['IPv4 with a blank', '[192.0.2.1 ]'],
  ['a literal without end', '[192.0.2.1'],
  ['letters behind a literal', '[192.0.2.1].example'],
  ['an empty literal', '[]'],
  ['IPv6 without its tag', '[2001:db8::1]'],
  ['IPv6 of nine groups', '[IPv6:1:2:3:4:5:6:7:8:9]'],
  ['IPv6 of seven groups', '[IPv6:1:2:3:4:5:6:7]'],
  ['IPv6 with two gaps', '[IPv6:1::2::3]'],
  ['IPv6 group of five digits', '[IPv6:12345::]'],
  ['IPv6 with a zone', '[IPv6:fe80::1%eth0]'],
  ['IPv6 tag and IPv4', '[IPv6:192.0.2.1]'],
  ['IPv6 with a bracket', '[IPv6:::1]]'],
  ['a tag that nobody registered', '[x400:a]'],
]

describe('RFC 5321 §4.1.2, §4.1.3: what a domain or a literal is', () => {
  const spelledOut = good.map(([rule, text, domain = text]) => [rule, text, domain] as const)
  test.each(spelledOut)('%s', (_rule, text, domain) => {
    expect(parseDomain(text)).toBe(domain)
  })
})

describe('RFC 5321 §4.1.2, §4.1.3: what is neither', () => {
  test.each(bad)('%s', (_rule, text) => {
    expect(parseDomain(text)).toBeUndefined()
  })
})

const runs = { seed: 2026, numRuns: 1_000 }
const texts = fc.oneof(
  fc.string({
    unit: fc.constantFrom(...Array.from('aZ09-_.[]:%/@ ü日\u00ad\u3002\ud800')),
    maxLength: 20,
  }),
  fc.ipV6().map((address) => `[IPv6:${address}]`),
  fc.domain(),
)

describe('a domain in its canonical form', () => {
  test('has nothing in it that could be taken for something else, whatever came', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(parseDomain(text) ?? '').toMatch(
          /^(?:[a-z0-9_.-]{0,255}|\[(?:IPv6:)?[0-9a-f:.]+\])$/,
        )
      }),
      runs,
    )
  })

  test('is its own canonical form', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const domain = parseDomain(text)
        fc.pre(domain !== undefined)
        expect(parseDomain(domain)).toBe(domain)
      }),
      runs,
    )
  })

  test('every IPv4 and IPv6 address makes a literal', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV6(), (four, six) => {
        expect(parseDomain(`[${four}]`)).toBe(`[${four}]`)
        expect(parseDomain(`[IPv6:${six}]`)).toBe(`[IPv6:${six.toLowerCase()}]`)
      }),
      runs,
    )
  })
})
