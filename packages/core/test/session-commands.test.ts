import { deny, denySoft, disconnect, done, okText, reply } from '@qpsmtpd/core'
import { dialogue, perform, plugin, type Scene } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const greeted =
  'S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.'
const goodbye = 'S: 221 2.0.0 mx.example.com closing connection. Have a wonderful day.'
const hello = `${greeted}
  C: HELO client.example.org
  S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.
`
const mail = `${hello}
  C: MAIL FROM:<>
  S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!
`

describe('commands that change nothing', () => {
  test('V29, V30, V31: NOOP, VRFY, EXPN and HELP need no hello, and leave a transaction alone', () => {
    const inquiries = `
      C: NOOP
      S: 250 2.0.0 OK
      C: noop with words
      S: 250 2.0.0 OK
      C: VRFY ann
      S: 252 2.0.0 Just try sending a mail and we'll see how it turns out ...
      C: EXPN staff
      S: 502 5.5.1 Mailing lists are not expanded here
      C: HELP
      S: 214-2.0.0 This is qpsmtpd 1.2.3
      S: 214-2.0.0 See https://github.com/qpsmtpd/qpsmtpd-ts
      S: 214 2.0.0 To report bugs, open an issue there.
    `
    return dialogue(
      {},
      `
      ${greeted}
      ${inquiries}
      C: HELO client.example.org
      S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.
      C: MAIL FROM:<>
      S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!
      ${inquiries}
      C: DATA
      S: 503 5.5.1 RCPT first
    `,
    )
  })

  test('V29: RSET ends the transaction, and may come at any time', () =>
    dialogue(
      {},
      `
    ${greeted}
    C: RSET
    S: 250 2.0.0 OK
    C: HELO client.example.org
    S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.
    C: RSET
    S: 250 2.0.0 OK
    C: MAIL FROM:<>
    S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!
    C: RSET now
    S: 501 5.5.4 This command takes no arguments
    C: RSET
    S: 250 2.0.0 OK
    C: RCPT TO:<ann@example.com>
    S: 503 5.5.1 Use MAIL before RCPT
  `,
    ))

  test('V22: DATA out of its order', () =>
    dialogue(
      {},
      `
    ${greeted}
    C: DATA
    S: 503 5.5.1 MAIL first
    C: HELO client.example.org
    S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.
    C: DATA with words
    S: 503 5.5.1 MAIL first
    C: MAIL FROM:<>
    S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!
    C: DATA with words
    S: 501 5.5.4 This command takes no arguments
    C: DATA
    S: 503 5.5.1 RCPT first
  `,
    ))

  test('V32: QUIT, whatever stands behind it and whatever a plugin thinks of it', async () => {
    await dialogue({}, `${greeted}\nC: QUIT\n${goodbye}\nC: NOOP`)
    await dialogue({}, `${mail}\nC: quit now please\n${goodbye}\nC: NOOP`)
    const scene: Scene = { plugins: [plugin('poet', { quit: () => okText('mx says:\nso long') })] }
    await dialogue(
      scene,
      `
      ${greeted}
      C: QUIT
      S: 221-2.0.0 mx says:
      S: 221 2.0.0 so long
    `,
    )
  })
})

describe('unknown verbs', () => {
  test.each([
    '',
    ' ',
    'FOO',
    'foo bar',
    '__proto__',
    'constructor x',
    'toString',
    'hasOwnProperty',
    'HELO:',
    'STARTTLS',
    'AUTH PLAIN',
    'BDAT 1',
    'QUITT',
    '221 x',
    'mäil',
  ])('V33: "%s" is 500', async (line) => {
    await dialogue(
      {},
      `
      ${greeted}
      C: ${line}
      S: 500 5.5.1 Unrecognized command
    `,
    )
  })

  test.each([
    [deny('Stop it'), '500 5.5.1 Stop it', true],
    [denySoft(), '451 4.5.1 Unrecognized command', true],
    [disconnect(deny('Stop it')), '521 5.5.1 Stop it', false],
    [disconnect(denySoft('Stop it')), '421 4.7.0 Stop it', false],
    [done(reply(250, '2.0.0', 'Did it')), '250 2.0.0 Did it', true],
  ])('V33, H11: a plugin answers them (%#)', async (verdict, said, goesOn) => {
    const asked: string[] = []
    const scene: Scene = {
      plugins: [
        plugin('xtra', {
          unrecognizedCommand: (_context, verb, text) => {
            asked.push(`${verb}|${text}`)
            return verdict
          },
        }),
      ],
    }
    await dialogue(
      scene,
      `
      ${greeted}
      C: XyZzY  plugh 1
      S: ${said}
      C: NOOP
      ${goesOn ? 'S: 250 2.0.0 OK' : ''}
    `,
    )
    expect(new Set(asked)).toEqual(new Set(['xyzzy|plugh 1']))
  })

  test('V34: a reply of many lines has its code before each', () =>
    dialogue(
      { plugins: [plugin('wordy', { rcpt: () => deny('one\ntwo\r\nthree') })] },
      `
      ${mail}
      C: RCPT TO:<ann@example.com>
      S: 550-5.7.1 one
      S: 550-5.7.1 two
      S: 550 5.7.1 three
    `,
    ))

  test('a plugin can smuggle no reply into its text', () =>
    dialogue(
      { plugins: [plugin('odd', { rcpt: () => deny('a\0b\x1bc\r\r\n250 ok') })] },
      `
      ${mail}
      C: RCPT TO:<ann@example.com>
      S: 550-5.7.1 a?b?c
      S: 550 5.7.1 250 ok
    `,
    ))
})

describe('max_errors', () => {
  const scene: Scene = { config: { max_errors: ['2'] } }

  test('as many bad commands are answered; the next one is the last', () =>
    dialogue(
      scene,
      `
    ${greeted}
    C: FOO
    S: 500 5.5.1 Unrecognized command
    C: MAIL FROM:<>
    S: 503 5.5.1 please say hello first ...
    C: NOOP
    S: 250 2.0.0 OK
    C: HELO
    S: 421 4.7.0 Too many errors; closing connection
    C: NOOP
  `,
    ))

  test('refusals by policy are no bad commands', () =>
    dialogue(
      { ...scene, plugins: [plugin('no', { rcpt: () => deny() })] },
      `
      ${mail}
      ${'C: RCPT TO:<ann@example.com>\nS: 550 5.7.1 relaying denied\n'.repeat(4)}
      C: QUIT
      ${goodbye}
    `,
    ))
})

describe('PIPELINING', () => {
  test('a group is answered in its order, and nothing of it is lost', async () => {
    const [atOnce] = await perform(
      { plugins: [plugin('no', { rcpt: () => deny() })] },
      `
      ${hello}
      C: MAIL FROM:<>
      S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!
      C: RCPT TO:<ann@example.com>
      S: 550 5.7.1 relaying denied
      C: RCPT TO:<bob@example.com>
      S: 550 5.7.1 relaying denied
      C: DATA
      S: 503 5.5.1 RCPT first
      C: RSET
      S: 250 2.0.0 OK
      C: QUIT
      ${goodbye}
    `,
    )
    expect(atOnce!.stage.wire.isClosed).toBe(true)
  })
})
