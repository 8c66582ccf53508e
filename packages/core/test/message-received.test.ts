import { describe, expect, test } from 'vitest'
import { Headers } from '../src/message/headers.ts'
import { countHops } from '../src/message/hops.ts'
import { protocolOf, type ReceivedFacts, receivedField } from '../src/message/received.ts'
import { noParameters } from '../src/smtp/parameters.ts'

const facts: ReceivedFacts = {
  remoteHost: 'client.example.org',
  remoteAddress: '192.0.2.1',
  hello: 'mail.example.org',
  by: 'mx.example.com',
  version: '0.1.0',
  protocol: 'ESMTP',
  id: 'a1b2.1',
  at: Date.UTC(2026, 1, 3, 4, 5, 6, 789),
}

describe('RFC 5321 §4.4: the Received field', () => {
  test('D8: its exact form, folded, with its last CRLF', () => {
    expect(receivedField(facts)).toBe(
      'Received: from client.example.org (HELO mail.example.org) (192.0.2.1)\r\n' +
        '    by mx.example.com (qpsmtpd/0.1.0) with ESMTP id a1b2.1;\r\n' +
        '    Tue, 03 Feb 2026 04:05:06 +0000\r\n',
    )
  })

  test('RFC 5322 §3.3: the date has no more than a year of four digits and UTC', () => {
    const [, date] = /;\r\n {4}(.*)\r\n$/.exec(receivedField({ ...facts, at: 0 })) ?? []
    expect(date).toBe('Thu, 01 Jan 1970 00:00:00 +0000')
  })

  test('a client by IPv6 and without a name', () => {
    expect(
      receivedField({
        ...facts,
        remoteHost: '[2001:db8::1]',
        remoteAddress: '2001:db8::1',
        hello: '[IPv6:2001:db8::1]',
      }),
    ).toContain('from [2001:db8::1] (HELO [IPv6:2001:db8::1]) (2001:db8::1)\r\n')
  })

  test.each([
    ['a field in the hello', 'a\r\nX: y (z)', 'a??X:?y??z?'],
    ['an end of the comment', 'a) (192.0.2.9', 'a???192.0.2.9'],
    ['a semicolon and a date', 'a; b', 'a??b'],
    ['a backslash before the bracket', 'a\\', 'a?'],
    ['quotes and angle brackets', '"<a>"', '??a??'],
    ['NUL', 'a\0', 'a?'],
    ['UTF-8', 'bücher', 'b?cher'],
    ['nothing', '', ''],
  ])('%s stays within its brackets', (_rule, hello, shown) => {
    expect(receivedField({ ...facts, hello })).toBe(
      receivedField(facts).replace('HELO mail.example.org', `HELO ${shown}`),
    )
  })

  test('the names of client and server are made harmless too', () => {
    const hostile = 'a\r\nX: (b)'
    const field = receivedField({
      ...facts,
      remoteHost: hostile,
      remoteAddress: hostile,
      by: hostile,
    })
    expect(new Headers(field).fields.map(({ name }) => name)).toEqual(['Received'])
    expect(field.split('\r\n')).toHaveLength(4)
    expect(field.match(/[()]/g)).toHaveLength(6)
  })
})

describe('RFC 3848: the transmission type', () => {
  const envelope = { sender: null, recipients: [], parameters: noParameters }
  const international = { ...envelope, parameters: new Map([['SMTPUTF8', '']]) }

  test('SMTP behind HELO', () => {
    expect(protocolOf(false, envelope)).toBe('SMTP')
  })

  test('ESMTP behind EHLO', () => {
    expect(protocolOf(true, envelope)).toBe('ESMTP')
  })

  test('RFC 6531 §4.3: UTF8SMTP with SMTPUTF8', () => {
    expect(protocolOf(true, international)).toBe('UTF8SMTP')
    expect(receivedField({ ...facts, protocol: 'UTF8SMTP' })).toContain(' with UTF8SMTP id ')
  })
})

const section = (...lines: readonly string[]): Headers =>
  new Headers(lines.map((line) => `${line}\r\n`).join(''))

describe('RFC 5321 §6.3: hops', () => {
  test.each([
    ['none', section('Subject: a'), 0],
    ['no section', section(), 0],
    ['Received counts', section('Received: a', 'Subject: b', 'Received: c'), 2],
    ['Delivered-To counts', section('Delivered-To: a', 'Received: b'), 2],
    ['case does not matter', section('RECEIVED: a', 'rEceived:b', 'DELIVERED-to: c'), 3],
    ['a longer name does not count', section('Received-SPF: a', 'Delivered-To-X: b'), 0],
    ['a name within another does not', section('X-Received: a'), 0],
    ['a name in a value does not', section('X: Received: a'), 0],
    ['a name in a folding does not', section('X: a', ' Received: b', '\tReceived: c'), 0],
    ['a name without colon does not', section('Received', 'Received;'), 0],
    ['a hundred count', section(...Array<string>(100).fill('Received: a')), 100],
  ])('%s', (_rule, headers, hops) => {
    expect(countHops(headers)).toBe(hops)
  })
})
