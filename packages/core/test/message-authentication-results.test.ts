import { describe, expect, test } from 'vitest'
import {
  authenticationResults,
  withoutForgedResults,
} from '../src/message/authentication-results.ts'
import { Headers } from '../src/message/headers.ts'

const me = 'mx.example.com'
const around = (field: string): Headers => new Headers(`Subject: a\r\n${field}\r\nTo: b\r\n`)
const nothing = new Headers('Subject: a\r\nTo: b\r\n')

describe('RFC 8601 §5: results in our name are taken out', () => {
  test.each([
    ['as we write them', 'Authentication-Results: mx.example.com;\r\n    spf=pass'],
    ['in any case', 'authentication-RESULTS: MX.Example.COM; spf=pass'],
    ['without a blank', 'Authentication-Results:mx.example.com;spf=pass'],
    ['with blanks before the colon', 'Authentication-Results : mx.example.com; spf=pass'],
    ['folded first', 'Authentication-Results:\r\n mx.example.com; spf=pass'],
    ['with a version', 'Authentication-Results: mx.example.com 1; spf=pass'],
    ['with no result', 'Authentication-Results: mx.example.com'],
    ['behind a comment', 'Authentication-Results: (a) mx.example.com; spf=pass'],
    ['before a comment', 'Authentication-Results: mx.example.com(a); spf=pass'],
    ['behind a comment in a comment', 'Authentication-Results: (a (b) c)mx.example.com; spf=pass'],
    ['behind an escaped bracket', 'Authentication-Results: (a\\)b) mx.example.com; spf=pass'],
    ['behind a folded comment', 'Authentication-Results: (a\r\n b)\r\n mx.example.com; spf=pass'],
    ['in quotes', 'Authentication-Results: "mx.example.com"; spf=pass'],
    ['in quotes and any case', 'Authentication-Results: (a) "MX.example.com" 1; spf=pass'],
    ['in quotes with escapes', String.raw`Authentication-Results: "mx\.exam\ple.com"; spf=pass`],
  ])('%s', (_rule, field) => {
    expect(withoutForgedResults(around(field), me).section).toBe(nothing.section)
  })

  test('all of them', () => {
    const forged = 'Authentication-Results: mx.example.com; spf=pass\r\n'
    const headers = new Headers(`${forged}X: a\r\n${forged}${forged}`)
    expect(withoutForgedResults(headers, 'MX.EXAMPLE.COM').section).toBe('X: a\r\n')
  })
})

describe('RFC 8601 §5: all others stay as they came', () => {
  test.each([
    ['of another host', 'Authentication-Results: mx.example.org; spf=pass'],
    ['of a host under ours', 'Authentication-Results: a.mx.example.com; spf=pass'],
    ['of a host that ours begins', 'Authentication-Results: mx.example.com.example; spf=pass'],
    ['of a host above ours', 'Authentication-Results: example.com; spf=pass'],
    ['with our name in a comment', 'Authentication-Results: a.example (mx.example.com); spf=pass'],
    ['with our name in a result', 'Authentication-Results: a.example; mx.example.com=pass'],
    ['with our name in quotes behind it', 'Authentication-Results: a.example "mx.example.com"'],
    ['without a name', 'Authentication-Results: ; spf=pass'],
    ['without a value', 'Authentication-Results:'],
    ['under another field name', 'X-Authentication-Results: mx.example.com; spf=pass'],
    ['under an experimental name', 'ARC-Authentication-Results: i=1; mx.example.com; spf=pass'],
  ])('%s', (_rule, field) => {
    const headers = around(field)
    expect(withoutForgedResults(headers, me)).toBe(headers)
  })
})

describe('RFC 8601 §2.2: our own field', () => {
  test('has our name and each result on a line', () => {
    const value = authenticationResults(me, ['spf=pass smtp.mailfrom=a.example', 'dkim=none'])
    const headers = nothing.prepend('Authentication-Results', value)
    expect(headers.section).toBe(
      'Authentication-Results: mx.example.com;\r\n' +
        '    spf=pass smtp.mailfrom=a.example;\r\n' +
        '    dkim=none\r\n' +
        nothing.section,
    )
    expect(withoutForgedResults(headers, me).section).toBe(nothing.section)
  })

  test('line breaks of a plugin’s result are blanks in it', () => {
    const value = authenticationResults(me, ['spf=pass\r\nBcc: a\n\n  reason="b"\r'])
    expect(value).toBe('mx.example.com;\r\n    spf=pass Bcc: a reason="b" ')
    expect(nothing.prepend('A', value).fields).toHaveLength(3)
  })
})
