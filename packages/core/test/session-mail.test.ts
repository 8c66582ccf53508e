import { deny, denySoft, done, ok, reply } from '@qpsmtpd/core'
import { dialogue, plugin, type Scene } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const hello = `
  S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.
  C: HELO client.example.org
  S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.
`
const senderOk = (path: string): string =>
  `S: 250 2.1.0 ${path}, sender OK - how exciting to get mail from you!`

describe('MAIL', () => {
  test.each(['MAIL FROM:<>', 'MAIL', 'MAIL TO:<>', 'MAIL FROM:<<'])(
    'V9, V10: order is judged before syntax: %s before hello is 503',
    async (line) => {
      await dialogue(
        {},
        `
        S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.
        C: ${line}
        S: 503 5.5.1 please say hello first ...
      `,
      )
    },
  )

  test.each([
    'MAIL',
    'MAIL FROM',
    'MAIL TO:<a@example.org>',
    'MAIL FROM:',
    'MAIL FROM:<a@example.org',
    'MAIL FROM:<a@example.org>x',
  ])('V9: %s is a syntax error', async (line) => {
    await dialogue(
      {},
      `
      ${hello}
      C: ${line}
      S: 501 5.5.4 syntax error in parameters
    `,
    )
  })

  test('V11: MAIL inside a transaction is 503, and the transaction stays', () =>
    dialogue(
      { plugins: [plugin('yes', { rcpt: () => ok })] },
      `
      ${hello}
      C: MAIL FROM:<ann@example.org>
      ${senderOk('<ann@example.org>')}
      C: MAIL FROM:<eve@example.org>
      S: 503 5.5.1 MAIL inside a transaction; say RSET first
      C: RCPT TO:<bob@example.com>
      S: 250 2.1.5 <bob@example.com>, recipient ok
    `,
    ))

  test.each([
    ['MAIL FROM:<Ann@Example.ORG>', '<Ann@Example.ORG>'],
    ['mail from:<ann@example.org>', '<ann@example.org>'],
    ['MAIL FROM: <ann@example.org>', '<ann@example.org>'],
    ['MAIL FROM:ann@example.org', '<ann@example.org>'],
    ['MAIL   FROM:\t<ann@example.org>  ', '<ann@example.org>'],
    ['MAIL FROM:<@a.example,@b.example:ann@example.org>', '<ann@example.org>'],
    ['MAIL FROM:<"a b>"@example.org>', '<"a b>"@example.org>'],
    ['MAIL FROM:<>', '<>'],
    ['MAIL FROM:<#@[]>', '<>'],
    ['MAIL FROM:<[undefined]>', '<>'],
  ])('V12, V14: %s names %s', async (line, shown) => {
    await dialogue(
      {},
      `
    ${hello}
    C: ${line}
    ${senderOk(shown)}
  `,
    )
  })

  test.each([
    '<ann@>',
    '<@example.org>',
    '<a b@example.org>',
    '<a@b@c>',
    'ann@-x-',
    `<${'a'.repeat(900)}@example.org>`,
  ])('V13: %s is no address', async (path) => {
    await dialogue(
      {},
      `
      ${hello}
      C: MAIL FROM:${path}
      S: 501 5.1.7 could not parse your mail from command
    `,
    )
  })

  test.each([
    [deny(), '550 5.7.1 <ann@example.org>, denied'],
    [denySoft(), '450 4.7.1 <ann@example.org>, temporarily denied'],
    [deny('Never', { code: 553, status: '5.1.8' }), '553 5.1.8 Never'],
    [deny(''), '550 5.7.1 <ann@example.org>, denied'],
    [done(reply(550, '5.1.0', 'Mine')), '550 5.1.0 Mine'],
    [done(reply(452, '4.2.2', 'Mine')), '452 4.2.2 Mine'],
  ])('V15, Q4: a refused sender has no transaction (%#)', async (verdict, said) => {
    await dialogue(
      { plugins: [plugin('judge', { mail: () => verdict })] },
      `
      ${hello}
      C: MAIL FROM:<ann@example.org>
      S: ${said}
      C: RCPT TO:<bob@example.com>
      S: 503 5.5.1 Use MAIL before RCPT
      C: MAIL FROM:<ann@example.org>
      S: ${said}
    `,
    )
  })

  test('a plugin that brings a 250 has a transaction', () =>
    dialogue(
      { plugins: [plugin('own', { mail: () => done(reply(250, '2.1.0', 'Well')) })] },
      `
      ${hello}
      C: MAIL FROM:<>
      S: 250 2.1.0 Well
      C: DATA
      S: 503 5.5.1 RCPT first
    `,
    ))

  test('the handler is given the null sender as null, and the parameters', async () => {
    const seen: unknown[] = []
    const spy = plugin('spy', {
      mail: (_context, sender, parameters) => {
        seen.push(sender, parameters.get('SIZE'))
        return ok
      },
    })
    await dialogue(
      { plugins: [spy] },
      `
      ${hello}
      C: MAIL FROM:<> size=17
      ${senderOk('<>')}
    `,
      { plays: ['by line'] },
    )
    expect(seen).toEqual([null, '17'])
  })
})

const mails = (scene: Scene, rows: readonly (readonly [string, string])[]): void => {
  for (const [parameters, said] of rows)
    test(`${parameters} → ${said.slice(0, 9)}`, () =>
      dialogue(
        scene,
        `
      ${hello}
      C: MAIL FROM:<ann@example.org> ${parameters}
      S: ${said}
    `,
      ))
}
const fine = senderOk('<ann@example.org>').slice(3)

describe('parameters of MAIL', () => {
  mails({ config: { databytes: ['1000'] } }, [
    ['SIZE=1000', fine],
    ['SIZE=0', fine],
    ['size=1001', '552 5.3.4 Message too big!'],
    ['SIZE=99999999999999999999', '552 5.3.4 Message too big!'],
    ['SIZE=x', '501 5.5.4 bad value for parameter SIZE'],
    ['SIZE=-1', '501 5.5.4 bad value for parameter SIZE'],
    ['SIZE', '501 5.5.4 bad value for parameter SIZE'],
    ['BODY=8BITMIME', fine],
    ['BODY=7bit', fine],
    ['BODY=BINARYMIME', '501 5.5.4 bad value for parameter BODY'],
    ['BODY', '501 5.5.4 bad value for parameter BODY'],
    ['SMTPUTF8', fine],
    ['SMTPUTF8=1', '501 5.5.4 bad value for parameter SMTPUTF8'],
    ['RET=HDRS', '555 5.5.4 parameter RET not recognized or not implemented'],
    ['__proto__=1', '501 5.5.4 syntax error in parameters'],
    ['constructor', '555 5.5.4 parameter CONSTRUCTOR not recognized or not implemented'],
    ['hasOwnProperty=1', '555 5.5.4 parameter HASOWNPROPERTY not recognized or not implemented'],
    ['SIZE=1 SIZE=1', '501 5.5.4 syntax error in parameters'],
    ['SIZE=', '501 5.5.4 syntax error in parameters'],
  ])

  test('Q18: without databytes any SIZE will do', () =>
    dialogue(
      {},
      `
    ${hello}
    C: MAIL FROM:<ann@example.org> SIZE=99999999999999999999
    S: ${fine}
  `,
    ))

  test('DATABYTES of the connection stands before databytes', () =>
    dialogue(
      {
        config: { databytes: ['1000'] },
        particulars: { environment: new Map([['DATABYTES', '5']]) },
      },
      `
    ${hello}
    C: MAIL FROM:<ann@example.org> SIZE=6
    S: 552 5.3.4 Message too big!
    C: MAIL FROM:<ann@example.org> SIZE=5
    S: ${fine}
  `,
    ))

  test('a plugin allows more of them', () =>
    dialogue(
      {
        plugins: [
          plugin('dsn', { capabilities: () => ({ verdict: 'ok', allow: { mail: ['ret'] } }) }),
        ],
      },
      `
    ${hello}
    C: MAIL FROM:<ann@example.org> RET=HDRS
    S: ${fine}
  `,
    ))

  test('an address beyond ASCII needs SMTPUTF8', () =>
    dialogue(
      {},
      `
    ${hello}
    C: MAIL FROM:<jörg@example.org>
    S: 553 5.6.7 this address needs SMTPUTF8
    C: MAIL FROM:<ann@bücher.example>
    S: 553 5.6.7 this address needs SMTPUTF8
    C: MAIL FROM:<jörg@bücher.example> SMTPUTF8
    ${senderOk('<jörg@bücher.example>')}
  `,
    ))
})
