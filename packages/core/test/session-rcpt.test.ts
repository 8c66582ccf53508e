import { deny, denySoft, done, ok, reply } from '@qpsmtpd/core'
import { dialogue, plugin, type Scene } from '@qpsmtpd/core/testing'
import { describe, test } from 'vitest'

const hello = `
  S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.
  C: HELO client.example.org
  S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.
`
const mail = `${hello}
  C: MAIL FROM:<>
  S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!
`
const all: Scene = { plugins: [plugin('all', { rcpt: () => ok })] }

describe('RCPT', () => {
  test.each(['RCPT TO:<ann@example.com>', 'RCPT', 'RCPT TO:<<'])(
    'V17: %s without MAIL is 503, whatever its syntax',
    async (line) => {
      await dialogue(
        all,
        `
      ${hello}
      C: ${line}
      S: 503 5.5.1 Use MAIL before RCPT
    `,
      )
    },
  )

  test.each([
    'RCPT',
    'RCPT FROM:<ann@example.com>',
    'RCPT TO:',
    'RCPT TO:<ann@example.com> A=B=C',
    'RCPT TO:<"a@example.com>',
  ])('V16: %s is a syntax error', async (line) => {
    await dialogue(
      all,
      `
      ${mail}
      C: ${line}
      S: 501 5.5.4 syntax error in parameters
    `,
    )
  })

  test.each(['<>', '<ann@>', 'ann@-', '<a..b@example.com>', '<ann@[300.1.1.1]>'])(
    'V18: %s is no recipient',
    async (path) => {
      await dialogue(
        all,
        `
      ${mail}
      C: RCPT TO:${path}
      S: 501 5.1.3 could not parse recipient
      C: DATA
      S: 503 5.5.1 RCPT first
    `,
      )
    },
  )

  test.each(['ann@example.com', 'postmaster', 'ann@[192.0.2.1]', '"a b"@example.com'])(
    'V19: <%s> is accepted',
    async (address) => {
      await dialogue(
        all,
        `
      ${mail}
      C: RCPT TO:<${address}>
      S: 250 2.1.5 <${address}>, recipient ok
    `,
      )
    },
  )

  test.each([
    [deny(), '550 5.7.1 relaying denied'],
    [denySoft(), '450 4.7.1 relaying denied'],
    [deny('No such user', { status: '5.1.1' }), '550 5.1.1 No such user'],
    [done(reply(551, '5.1.6', 'Moved')), '551 5.1.6 Moved'],
    [done(reply(450, '4.2.0', 'Busy')), '450 4.2.0 Busy'],
  ])('V20: a refused recipient is not taken (%#)', async (verdict, said) => {
    await dialogue(
      { plugins: [plugin('judge', { rcpt: () => verdict })] },
      `
      ${mail}
      C: RCPT TO:<ann@example.com>
      S: ${said}
      C: DATA
      S: 503 5.5.1 RCPT first
    `,
    )
  })

  test('a plugin that brings a 250 takes the recipient', () =>
    dialogue(
      { plugins: [plugin('own', { rcpt: () => done(reply(250, '2.1.5', 'Hers')) })] },
      `
      ${mail}
      C: RCPT TO:<ann@example.com>
      S: 250 2.1.5 Hers
      C: DATA
      S: 354 go ahead
    `,
    ))

  test('V21, Q19, H16: a recipient for whom nobody decides is not taken', () =>
    dialogue(
      { plugins: [plugin('other', { mail: () => ok })] },
      `
      ${mail}
      C: RCPT TO:<ann@example.com>
      S: 450 4.7.1 No plugin decided if relaying is allowed
      C: DATA
      S: 503 5.5.1 RCPT first
    `,
    ))

  test('one recipient more than max_recipients is 452, and the others stay', () =>
    dialogue(
      { ...all, config: { max_recipients: ['2'] } },
      `
      ${mail}
      C: RCPT TO:<a@example.com>
      S: 250 2.1.5 <a@example.com>, recipient ok
      C: RCPT TO:<b@example.com>
      S: 250 2.1.5 <b@example.com>, recipient ok
      C: RCPT TO:<c@example.com>
      S: 452 4.5.3 Too many recipients
      C: DATA
      S: 354 go ahead
    `,
    ))

  test('a recipient beyond ASCII needs the transaction to be SMTPUTF8', async () => {
    await dialogue(
      all,
      `
      ${mail}
      C: RCPT TO:<jörg@example.com>
      S: 553 5.6.7 this address needs SMTPUTF8
    `,
    )
    await dialogue(
      all,
      `
      ${hello}
      C: MAIL FROM:<> SMTPUTF8
      S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!
      C: RCPT TO:<jörg@example.com>
      S: 250 2.1.5 <jörg@example.com>, recipient ok
    `,
    )
  })

  test.each(['NOTIFY=NEVER', 'SIZE=1', 'constructor', 'toString=1'])(
    'a parameter nobody knows is 555: %s',
    async (parameter) => {
      await dialogue(
        all,
        `
      ${mail}
      C: RCPT TO:<ann@example.com> ${parameter}
      S: 555 5.5.4 parameter ${parameter.split('=')[0]!.toUpperCase()} not recognized or not implemented
      C: DATA
      S: 503 5.5.1 RCPT first
    `,
      )
    },
  )

  test('a plugin allows parameters of RCPT, and rcpt is given them', () =>
    dialogue(
      {
        plugins: [
          plugin('dsn', {
            capabilities: () => ({ verdict: 'ok', allow: { rcpt: ['NOTIFY'] } }),
            rcpt: (_context, _recipient, parameters) => deny(`notify ${parameters.get('NOTIFY')}`),
          }),
        ],
      },
      `
      ${mail}
      C: RCPT TO:<ann@example.com> notify=NEVER
      S: 550 5.7.1 notify NEVER
    `,
    ))
})
