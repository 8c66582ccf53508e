import { deny, denySoft, done, type Handlers, ok, reply } from '@qpsmtpd/core'
import { dialogue, plugin } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const greeted =
  'S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.'
const helloReply =
  'S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.'

describe('HELO and EHLO', () => {
  test('V4: HELO', () =>
    dialogue(
      {},
      `
    ${greeted}
    C: HELO client.example.org
    ${helloReply}
  `,
    ))

  test('V4: what ident says stands before the host, an address in brackets where there is no name', async () => {
    await dialogue(
      { particulars: { remoteInfo: 'joe' } },
      `
      ${greeted}
      C: HELO client.example.org
      S: 250 mx.example.com Hi joe@client.example.org [192.0.2.99]; I am so happy to meet you.
    `,
    )
    await dialogue(
      { client: { host: undefined } },
      `
      ${greeted}
      C: HELO client.example.org
      S: 250 mx.example.com Hi [192.0.2.99] [192.0.2.99]; I am so happy to meet you.
    `,
    )
  })

  test('V5: EHLO, without SIZE where there is no limit', () =>
    dialogue(
      {},
      `
    ${greeted}
    C: EHLO client.example.org
    S: 250-mx.example.com Hi client.example.org [192.0.2.99]
    S: 250-PIPELINING
    S: 250-8BITMIME
    S: 250-SMTPUTF8
    S: 250 ENHANCEDSTATUSCODES
  `,
    ))

  test('V5: EHLO names databytes, and what plugins add', () =>
    dialogue(
      {
        config: { databytes: ['5000'] },
        plugins: [
          plugin('one', { capabilities: () => ({ verdict: 'ok', add: ['XONE', 'XTWO a b'] }) }),
          plugin('two', { capabilities: () => ({ verdict: 'ok', remove: ['smtputf8', 'xone'] }) }),
        ],
      },
      `
    ${greeted}
    C: ehlo client.example.org
    S: 250-mx.example.com Hi client.example.org [192.0.2.99]
    S: 250-PIPELINING
    S: 250-8BITMIME
    S: 250-SIZE 5000
    S: 250-ENHANCEDSTATUSCODES
    S: 250 XTWO a b
  `,
    ))

  test.each([
    [
      [
        ['8BITMIME', 'SMTPUTF8'],
        ['SMTPUTF8', 'DSN'],
      ],
      ['SMTPUTF8'],
      'BODY',
    ],
    [[['8BITMIME']], ['8BITMIME'], 'SMTPUTF8'],
  ])('V5: only what all queue plugins carry is offered (%#)', async (carries, offered, unknown) => {
    const queues = carries.map((one, index) => ({
      ...plugin(`queue${index}`, { queue: () => ok }),
      carries: one,
    }))
    await dialogue(
      { plugins: queues },
      `
      ${greeted}
      C: EHLO client.example.org
      S: 250-mx.example.com Hi client.example.org [192.0.2.99]
      S: 250-PIPELINING
      ${offered.map((keyword) => `S: 250-${keyword}`).join('\n')}
      S: 250 ENHANCEDSTATUSCODES
      C: MAIL FROM:<> ${unknown}
      S: 555 5.5.4 parameter ${unknown} not recognized or not implemented
      `,
    )
  })

  test('V6, Q3: a second hello is accepted and resets', () =>
    dialogue(
      {},
      `
    ${greeted}
    C: HELO client.example.org
    ${helloReply}
    C: MAIL FROM:<ann@example.org>
    S: 250 2.1.0 <ann@example.org>, sender OK - how exciting to get mail from you!
    C: EHLO other.example.org
    S: 250-mx.example.com Hi client.example.org [192.0.2.99]
    S: 250-PIPELINING
    S: 250-8BITMIME
    S: 250-SMTPUTF8
    S: 250 ENHANCEDSTATUSCODES
    C: RCPT TO:<bob@example.com>
    S: 503 5.5.1 Use MAIL before RCPT
    C: MAIL FROM:<>
    S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!
  `,
    ))

  test.each([
    ['HELO', '501 5.5.4 HELO requires domain/address - see RFC 5321 4.1.1.1'],
    ['EHLO  ', '501 5.5.4 EHLO requires domain/address - see RFC 5321 4.1.1.1'],
    [`EHLO ${'a'.repeat(256)}`, '501 5.5.2 syntax error in the name after EHLO'],
    ['HELO b\u00fccher.example', '501 5.5.2 syntax error in the name after HELO'],
  ])('V7: %s is 501', async (line, said) => {
    await dialogue(
      {},
      `
    ${greeted}
    C: ${line}
    S: ${said}
    C: MAIL FROM:<>
    S: 503 5.5.1 please say hello first ...
  `,
    )
  })

  test.each([
    ['HELO', deny(), '550 5.7.1 Hello denied'],
    ['EHLO', deny('Not you'), '550 5.7.1 Not you'],
    ['HELO', denySoft(), '450 4.7.1 Hello temporarily denied'],
    ['EHLO', denySoft('Later', { code: 451, status: '4.7.5' }), '451 4.7.5 Later'],
  ])('V8: %s refused leaves the session without a hello', async (verb, verdict, said) => {
    await dialogue(
      { plugins: [plugin('judge', { helo: () => verdict, ehlo: () => verdict })] },
      `
      ${greeted}
      C: ${verb} client.example.org
      S: ${said}
      C: MAIL FROM:<>
      S: 503 5.5.1 please say hello first ...
    `,
    )
  })

  test('V8: a second hello that is refused leaves the transaction as it was', () =>
    dialogue(
      { plugins: [plugin('judge', { ehlo: (_context, name) => (name === 'bad' ? deny() : ok) })] },
      `
      ${greeted}
      C: HELO client.example.org
      ${helloReply}
      C: MAIL FROM:<>
      S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!
      C: EHLO bad
      S: 550 5.7.1 Hello denied
      C: RCPT TO:<ann@example.com>
      S: 450 4.7.1 No plugin decided if relaying is allowed
    `,
    ))

  test('a plugin that brings the reply says hello as its class says', () =>
    dialogue(
      {
        plugins: [
          plugin('own', {
            helo: (_context, name) => done(reply(name === 'yes' ? 250 : 550, undefined, name)),
          }),
        ],
      },
      `
      ${greeted}
      C: HELO no
      S: 550 no
      C: MAIL FROM:<>
      S: 503 5.5.1 please say hello first ...
      C: HELO yes
      S: 250 yes
      C: MAIL FROM:<>
      S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!
    `,
    ))
})

describe('a second hello', () => {
  const failing = {
    capabilities: ({ connection: { hello } }) => {
      if (hello?.name !== 'again.example.org') return { verdict: 'declined' }
      throw new Error('no idea')
    },
  } satisfies Handlers

  test('whose capabilities nobody could tell leaves the transaction as it was, ended once', async () => {
    const told: string[] = []
    const spy = plugin('spy', {
      resetTransaction: (_context, reason) => void told.push(reason),
    })
    await dialogue(
      { plugins: [plugin('failing', failing), spy] },
      `
      ${greeted}
      C: HELO client.example.org
      ${helloReply}
      C: MAIL FROM:<>
      S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!
      C: HELO again.example.org
      S: 451 4.3.0 Internal error - try again later
      C: DATA
      S: 503 5.5.1 RCPT first
      C: RSET
      S: 250 2.0.0 OK
      `,
      { plays: ['at once'] },
    )
    expect(told).toEqual(['rset'])
  })
})
