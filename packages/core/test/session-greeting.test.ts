import { deny, denySoft, disconnect, done, ok, reply } from '@qpsmtpd/core'
import { dialogue, perform, plugin, type Scene } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const greeted =
  'S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.'
const helloReply =
  'S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.'
const goodbye = 'S: 221 2.0.0 mx.example.com closing connection. Have a wonderful day.'

const connectAnswers = (answer: () => ReturnType<typeof deny>): Scene => ({
  plugins: [plugin('doorman', { connect: answer })],
})

describe('the greeting', () => {
  test('V1: a client to whom nobody objects is greeted', () => dialogue({}, greeted))

  test('V1: smtpgreeting stands behind the 220, with ESMTP where it says none', async () => {
    await dialogue(
      { config: { smtpgreeting: ['post.example.com hello'] } },
      `
      S: 220 post.example.com hello ESMTP
      C: HELO client.example.org
      S: 250 post.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.
      C: QUIT
      S: 221 2.0.0 post.example.com closing connection. Have a wonderful day.
    `,
    )
    await dialogue(
      { config: { smtpgreeting: ['post.example.com ESMTP of ours'] } },
      'S: 220 post.example.com ESMTP of ours',
    )
  })

  test('V2: a refused client is told 554, then 503 until it says QUIT', () =>
    dialogue(
      connectAnswers(() => deny()),
      `
      S: 554 5.7.1 Connection from you denied, bye bye.
      C: EHLO client.example.org
      S: 503 5.5.1 You were refused; please say QUIT
      C: NOOP
      S: 503 5.5.1 You were refused; please say QUIT
      C: nonsense
      S: 503 5.5.1 You were refused; please say QUIT
      C: quit
      ${goodbye}
      C: NOOP
    `,
    ))

  test('V2: a plugin words its refusal itself', () =>
    dialogue(
      connectAnswers(() => deny('Not from there', { status: '5.7.25' })),
      'S: 554 5.7.25 Not from there',
    ))

  test('V2: a client that is refused for now is told 421, and nothing more is heard of it', async () => {
    const [played] = await perform(
      connectAnswers(() => denySoft()),
      `
      S: 421 4.7.0 Connection from you temporarily denied, bye bye.
      C: EHLO client.example.org
      C: QUIT
    `,
    )
    expect(played!.stage.wire.isClosed).toBe(true)
  })

  test('a refusal that disconnects closes behind the 554', async () => {
    const [played] = await perform(
      connectAnswers(() => disconnect(deny('Go away'))),
      `
      S: 554 5.7.1 Go away
      C: QUIT
    `,
    )
    expect(played!.stage.wire.isClosed).toBe(true)
  })

  test('a refused client that says nothing is waited for 60 seconds', () =>
    dialogue(
      connectAnswers(() => deny()),
      `
      S: 554 5.7.1 Connection from you denied, bye bye.
      X: wait 59
      C: NOOP
      S: 503 5.5.1 You were refused; please say QUIT
      X: wait 61
      S: 421 4.4.2 Timeout; closing connection
    `,
    ))

  test('V3: DONE without a reply leaves the greeting out, and the session goes on', () =>
    dialogue(
      { plugins: [plugin('mute', { connect: () => done() })] },
      `
      C: HELO client.example.org
      ${helloReply}
    `,
    ))

  test.each([
    [220, `C: HELO client.example.org\n${helloReply}`],
    [554, 'C: HELO client.example.org\nS: 503 5.5.1 You were refused; please say QUIT'],
    [421, 'C: HELO client.example.org'],
  ])('DONE with a %i: the session goes on as the class says', async (code, rest) => {
    await dialogue(
      { plugins: [plugin('host', { connect: () => done(reply(code, undefined, 'Hear')) })] },
      `S: ${code} Hear\n${rest}`,
    )
  })

  test('an ok greets as usual, and the next plugin is not asked', () =>
    dialogue(
      {
        plugins: [
          plugin('friend', { connect: () => ok }),
          plugin('foe', { connect: () => deny() }),
        ],
      },
      greeted,
    ))
})
