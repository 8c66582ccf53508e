import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePath, splitArgument } from '../src/smtp/path.ts'

/** A mailbox of so many octets. */
const mailbox = (length: number): string => `${'a'.repeat(length - 10)}@b.example`
/** The same in characters of two octets. */
const wide = (octets: number): string => `${'ä'.repeat((octets - 10) / 2)}@b.example`

const good: readonly (readonly [rule: string, path: string, text: string])[] = [
  ['a mailbox in angle brackets', '<a@b.example>', 'a@b.example'],
  ['V12: a mailbox without them', 'a@b.example', 'a@b.example'],
  ['RFC 5321 §4.1.1.3: bare postmaster', '<postmaster>', 'postmaster'],
  ['postmaster in any case', '<PostMaster>', 'PostMaster'],
  ['a quoted bracket', '<"a>b"@c.example>', '"a>b"@c.example'],
  ['RFC 5321 §4.1.1.3: a source route is forgotten', '<@one.example:a@b>', 'a@b'],
  ['a route of several hosts', '<@one.example,@two.example:a@b>', 'a@b'],
  ['a route without brackets', '@one.example:a@b', 'a@b'],
  ['a route by literals', '<@[IPv6:::1],@[192.0.2.1]:a@b>', 'a@b'],
  ['%-routes are letters', '<a%b@c>', 'a%b@c'],
  ['UTF-8', '<müller@bücher.example>', 'müller@bücher.example'],
  ['900 octets', `<${mailbox(900)}>`, mailbox(900)],
  ['900 octets of UTF-8', `<${wide(900)}>`, wide(900)],
]

const bad: readonly (readonly [rule: string, path: string])[] = [
  ['nothing', ''],
  ['a bracket alone', '<'],
  ['the other one alone', '>'],
  ['no end', '<a@b'],
  ['no beginning', 'a@b>'],
  ['two beginnings', '<<a@b>'],
  ['two ends', '<a@b>>'],
  ['an end within', '<a>@b>'],
  ['a blank first', '< a@b>'],
  ['a blank last', '<a@b >'],
  ['a blank alone', '< >'],
  ['text behind the bracket', '<a@b>c'],
  ['two @', '<a@b@c>'],
  ['a trailing dot', '<a@b.>'],
  ['CR', '<a@b\r>'],
  ['a route without end', '<@one.example>'],
  ['a route without a mailbox', '<@one.example:>'],
  ['a route without a host', '<@:a@b>'],
  ['a route whose second host has no @', '<@one.example,two.example:a@b>'],
  ['a route that ends with a comma', '<@one.example,:a@b>'],
  ['a route with a blank', '<@one.example, @two.example:a@b>'],
  ['a route within a route', '<@one.example:@two.example:a@b>'],
  ['901 octets', `<${mailbox(901)}>`],
  ['902 octets in fewer characters', `<${wide(902)}>`],
  ['901 octets with the route', `<@b.example:${mailbox(890)}>`],
]

describe('RFC 5321 §4.1.2: what a path is', () => {
  test.each(good)('%s', (_rule, path, text) => {
    expect(parsePath(path)?.text).toBe(text)
  })

  test('RFC 5321 §4.5.5: <> is the empty reverse-path', () => {
    expect(parsePath('<>')).toBeNull()
  })
})

describe('RFC 5321 §4.1.2: what no path is', () => {
  test.each(bad)('%s', (_rule, path) => {
    expect(parsePath(path)).toBeUndefined()
  })
})

const split: readonly (readonly [rule: string, text: string, path: string, rest: string])[] = [
  ['path alone', 'FROM:<a@b>', '<a@b>', ''],
  ['V12: the keyword in any case', 'fRoM:<a@b>', '<a@b>', ''],
  ['V12: a blank behind the colon', 'FROM: \t<a@b>', '<a@b>', ''],
  ['V12: no brackets', 'FROM:a@b SIZE=1', 'a@b', 'SIZE=1'],
  ['the null path', 'FROM:<>', '<>', ''],
  ['parameters', 'FROM:<a@b> SIZE=1 BODY=7BIT', '<a@b>', 'SIZE=1 BODY=7BIT'],
  ['blanks around parameters', 'FROM:<a@b> \t SIZE=1 \t', '<a@b>', 'SIZE=1'],
  ['a no-break space is part of its value', 'FROM:<a@b> X=\u00a0', '<a@b>', 'X=\u00a0'],
  ['a blank in brackets is no end', 'FROM:<a b> X', '<a b>', 'X'],
  ['a bracket in quotes is no end', 'FROM:<"> "@b> X', '<"> "@b>', 'X'],
  ['an escaped quote is no end', String.raw`FROM:<"\">"@b> X`, String.raw`<"\">"@b>`, 'X'],
  ['a blank in quotes is no end', 'FROM:"a b"@c X', '"a b"@c', 'X'],
]

const unsplit: readonly (readonly [rule: string, text: string])[] = [
  ['nothing', ''],
  ['the keyword alone', 'FROM:'],
  ['the keyword and blanks', 'FROM: \t'],
  ['another keyword', 'TO:<a@b>'],
  ['no colon', 'FROM<a@b>'],
  ['a blank before the colon', 'FROM :<a@b>'],
  ['a bracket left open', 'FROM:<a@b SIZE=1'],
  ['a quote left open', 'FROM:<"a@b>'],
  ['a quote left open without brackets', 'FROM:"a@b'],
  ['an escape last', 'FROM:"a\\'],
  ['parameters without a blank', 'FROM:<a@b>SIZE=1'],
  ['two brackets', 'FROM:<a@b>>'],
]

describe('RFC 5321 §4.1.1.2: an argument is cut behind its path', () => {
  test.each(split)('%s', (_rule, text, path, parameters) => {
    expect(splitArgument(text, 'FROM:')).toEqual({ path, parameters })
    expect(splitArgument(text.replace(/^FROM/i, 'TO'), 'TO:')).toEqual({ path, parameters })
  })
})

describe('RFC 5321 §4.1.1.2: an argument that is none', () => {
  test.each(unsplit)('%s', (_rule, text) => {
    expect(splitArgument(text, 'FROM:')).toBeUndefined()
  })
})

const runs = { seed: 2026, numRuns: 1_000 }
const anything = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Array.from('<>@":,[]\\ \t.a\r\n\0')),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((parts) => parts.join(''))

describe('any text is an argument or is none', () => {
  test('a path that is read is part of what came', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const path = parsePath(`<${text}>`)
        expect(text.endsWith(path?.text ?? '')).toBe(true)
      }),
      runs,
    )
  })

  test('what is split is all there, but for blanks', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const argument = splitArgument(`TO:${text}`, 'TO:')
        const { path, parameters } = argument ?? { path: '', parameters: text }
        const blanks = /[ \t]/g
        expect(`${path}${parameters}`.replaceAll(blanks, '')).toBe(text.replaceAll(blanks, ''))
      }),
      runs,
    )
  })
})
