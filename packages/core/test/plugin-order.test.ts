import { declined, type Handlers, type HookName, hookNames, ok, type Plugin } from '@qpsmtpd/core'
import { dialogue, mailbox, plugin } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const greeted =
  'S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.'
const hello = `${greeted}
  C: HELO client.example.org
  S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.`
const goodbye = 'S: 221 2.0.0 mx.example.com closing connection. Have a wonderful day.'
const mail = `C: MAIL FROM:<>
  S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!`
const rcpt = `C: RCPT TO:<ann@example.com>
  S: 250 2.1.5 <ann@example.com>, recipient ok`
const data = `C: DATA
  S: 354 go ahead
  C: Subject: x
  C:
  C: text
  C: .`

/** A plugin that writes down every hook it is told of, and has no opinion. */
function scribe(written: string[]): Plugin {
  const handler =
    (hook: HookName) =>
    (_context: unknown, first: unknown): unknown => {
      if (hook !== 'event') written.push(hook)
      return hook === 'mailPre' || hook === 'rcptPre' ? first : declined
    }
  return plugin(
    'scribe',
    Object.fromEntries(hookNames.map((hook) => [hook, handler(hook)])) as Handlers,
  )
}

const yes = plugin('yes', { rcpt: () => ok })

describe('hooks fire in the order of the design', () => {
  test('for a message from its connection to its end', async () => {
    const written: string[] = []
    await dialogue(
      { plugins: [scribe(written), yes, mailbox().plugin] },
      `
      ${greeted}
      C: EHLO client.example.org
      S: 250-mx.example.com Hi client.example.org [192.0.2.99]
      S: 250-PIPELINING
      S: 250-8BITMIME
      S: 250-SMTPUTF8
      S: 250 ENHANCEDSTATUSCODES
      ${mail}
      ${rcpt}
      ${data}
      S: 250 2.0.0 Queued (t-1.1)
      C: QUIT
      ${goodbye}
    `,
      { plays: ['at once'] },
    )
    expect(written).toEqual([
      'start',
      'connect',
      'ehlo',
      'capabilities',
      'mailPre',
      'mail',
      'rcptPre',
      'rcpt',
      'ok',
      'data',
      'dataHeadersEnd',
      'body',
      'dataPostHeaders',
      'receivedLine',
      'dataPost',
      'queuePre',
      'queue',
      'ok',
      'queuePost',
      'resetTransaction',
      'quit',
      'disconnect',
    ])
  })

  test('for a message of fields alone there is no body', async () => {
    const written: string[] = []
    await dialogue(
      { plugins: [scribe(written), yes, mailbox().plugin] },
      `
      ${hello}
      ${mail}
      ${rcpt}
      C: DATA
      S: 354 go ahead
      C: Subject: x
      C: .
      S: 250 2.0.0 Queued (t-1.1)
    `,
      { plays: ['by octet'] },
    )
    expect(written.slice(written.indexOf('data'), written.indexOf('receivedLine'))).toEqual([
      'data',
      'dataHeadersEnd',
      'dataPostHeaders',
    ])
  })

  test.each([
    [
      'C: HELO again\nS: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.',
      ['helo', 'capabilities'],
    ],
    [
      "C: VRFY x\nS: 252 2.0.0 Just try sending a mail and we'll see how it turns out ...",
      ['vrfy'],
    ],
    ['C: EXPN x\nS: 502 5.5.1 Mailing lists are not expanded here', ['expn']],
    ['C: NOOP\nS: 250 2.0.0 OK', ['noop']],
    ['C: RSET\nS: 250 2.0.0 OK', ['rset']],
    ['C: FOO\nS: 500 5.5.1 Unrecognized command', ['unrecognizedCommand']],
    ['C: MAIL\nS: 501 5.5.4 syntax error in parameters', []],
    ['C: RCPT TO:<x>\nS: 503 5.5.1 Use MAIL before RCPT', []],
    ['C: DATA\nS: 503 5.5.1 MAIL first', []],
  ])('for %s', async (transcript, hooks) => {
    const written: string[] = []
    await dialogue({ plugins: [scribe(written)] }, `${hello}\n${transcript}`, {
      plays: ['by line'],
    })
    expect(written).toEqual(['start', 'connect', 'helo', 'capabilities', ...hooks, 'disconnect'])
  })

  test('for a hello and an RSET inside a transaction', async () => {
    const written: string[] = []
    await dialogue(
      { plugins: [scribe(written)] },
      `
      ${hello}
      ${mail}
      C: RSET
      S: 250 2.0.0 OK
      ${mail}
      C: HELO again
      S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.
    `,
      { plays: ['by line'] },
    )
    expect(written.slice(4)).toEqual([
      'mailPre',
      'mail',
      'rset',
      'resetTransaction',
      'mailPre',
      'mail',
      'helo',
      'capabilities',
      'resetTransaction',
      'disconnect',
    ])
  })

  test('D10: for a message that is too big', async () => {
    const written: string[] = []
    await dialogue(
      { config: { databytes: ['5'] }, plugins: [scribe(written), yes] },
      `
      ${hello}
      ${mail}
      ${rcpt}
      ${data}
      S: 552 5.3.4 Message too big!
    `,
      { plays: ['by line'] },
    )
    expect(written.slice(written.indexOf('data'))).toEqual([
      'data',
      'resetTransaction',
      'disconnect',
    ])
  })
})
