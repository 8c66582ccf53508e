import { bodyOf, deny, type Handlers, ok, okText, perRecipient } from '@qpsmtpd/core'
import {
  type CastMember,
  dialogue,
  mailbox,
  perform,
  plugin,
  setStage,
} from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const toTheDot = `
  S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.
  C: HELO client.example.org
  S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.
  C: MAIL FROM:<>
  S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!
  C: RCPT TO:<ann@example.com>
  S: 250 2.1.5 <ann@example.com>, recipient ok
  C: RCPT TO:<bob@example.com>
  S: 250 2.1.5 <bob@example.com>, recipient ok
  C: DATA
  S: 354 go ahead
  C: Subject: hello
  C: .`

const yes = plugin('yes', { rcpt: () => ok })
const internal = 'S: 451 4.3.0 Internal error - try again later'
const rubbish = (handlers: unknown): CastMember => plugin('rubbish', handlers as Handlers)

describe('an answer from JavaScript that is none is a 451', () => {
  test.each([
    ['perRecipient with a map', { verdict: 'perRecipient', answers: new Map() }],
    ['perRecipient with nothing', { verdict: 'perRecipient' }],
  ])('%s', (_what, answer) =>
    dialogue({ plugins: [yes, rubbish({ queue: () => answer })] }, `${toTheDot}\n${internal}`),
  )

  test.each([
    ['remove', { remove: [1] }],
    ['add', { add: 'XONE' }],
    ['allow', { allow: { mail: 'XONE' } }],
  ])('capabilities whose %s is no list of words', (_what, words) =>
    dialogue(
      { plugins: [rubbish({ capabilities: () => ({ verdict: 'ok', ...words }) })] },
      `
      S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.
      C: EHLO client.example.org
      ${internal}
    `,
    ),
  )
})

test('a recipient that perRecipient leaves out has not got the message', () =>
  dialogue(
    {
      plugins: [
        yes,
        plugin('half', {
          queue: ({ transaction }) => perRecipient([[transaction.recipients[0]!.address, ok]]),
        }),
      ],
    },
    `${toTheDot}\nS: 451 4.3.0 Not delivered to all recipients yet; try again later`,
  ))

test('a fault of ours is a 421, and plugins are told of the end of transaction and session', async () => {
  const told: string[] = []
  const spy = plugin('spy', {
    resetTransaction: (_context, reason) => void told.push(`reset ${reason}`),
    disconnect: (_context, reason) => void told.push(`disconnect ${reason}`),
  })
  const released: string[] = []
  const spool = {
    open: () => ({
      ...bodyOf(),
      write: () => undefined,
      release: () => void released.push('body'),
    }),
  }
  const odd = plugin('odd', {
    dataPost({ connection }) {
      // What no plugin may do by its types: a fault of ours looks the same.
      Object.defineProperty(connection, 'hello', { get: () => undefined })
      return ok
    },
  })
  const stage = await setStage({ plugins: [yes, spy, odd, mailbox().plugin], spool })
  const lines = toTheDot.match(/(?<=C: ).*/g) ?? []
  stage.wire.send(Buffer.from(lines.map((line) => `${line}\r\n`).join('')))
  await stage.over
  expect(stage.wire.takeOutput()).toMatch(/\r\n421 4\.3\.0 Internal error - try again later\r\n$/)
  expect(told).toEqual(['reset disconnect', 'disconnect fault'])
  expect(released).toEqual(['body'])
  expect(stage.server.sessions).toBe(0)
})

describe('a handler that comes too late', () => {
  const twice = `${toTheDot}
    X: wait 31
    ${internal}
    ${toTheDot.slice(toTheDot.indexOf('C: MAIL'))}
    X: wait 1`

  test('still has its own transaction, and can change nothing', async () => {
    const seen: unknown[] = []
    const waits: PromiseWithResolvers<void>[] = []
    const slow = plugin('slow', {
      async dataPost(context) {
        const wait = Promise.withResolvers<void>()
        waits.push(wait)
        await wait.promise
        seen.push(context.transaction.id)
        try {
          context.transaction.prependHeader('X-Late', 'yes')
        } catch (error) {
          seen.push(String(error))
        }
        return ok
      },
    })
    const scene = { plugins: [yes, [slow, 'timeout 30'] as const, mailbox().plugin] }
    const [played] = await perform(scene, twice, { plays: ['by line'] })
    for (const wait of waits) wait.resolve()
    await played!.stage.over
    expect(seen.slice(0, 2)).toEqual([
      't-1.1',
      "Error: transaction can't be changed: the handler has answered already",
    ])
  })
})

test('RFC 5321 §3.8: whoever says 421, the channel closes behind it', async () => {
  const says = plugin('says', { noop: () => deny('x', { code: 550 }), vrfy: () => okText('x') })
  const leaves = plugin('leaves', {
    help: () => ({ verdict: 'deny', temporary: true, code: 421, disconnect: false }),
  })
  const [played] = await perform(
    { plugins: [says, leaves] },
    `
    S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.
    C: HELP
    S: 421 4.7.1 Command denied temporarily
    C: NOOP
  `,
    { plays: ['by line'] },
  )
  expect(played!.stage.wire.isClosed).toBe(true)
})

test('a client that was refused gets no more time by talking', () =>
  dialogue(
    { plugins: [plugin('no', { connect: () => deny() })] },
    `
    S: 554 5.7.1 Connection from you denied, bye bye.
    X: wait 40
    C: NOOP
    S: 503 5.5.1 You were refused; please say QUIT
    X: wait 21
    S: 421 4.4.2 Timeout; closing connection
  `,
    { plays: ['by line'] },
  ))

test('a replaced body that nobody waits for and that fails ends nothing', async () => {
  const careless = plugin('careless', {
    dataPost({ transaction }) {
      void transaction.replaceBody(
        (async function* () {
          yield Buffer.from('half')
          throw new Error('no more')
        })(),
      )
      return ok
    },
  })
  const box = mailbox()
  await dialogue(
    { plugins: [yes, careless, box.plugin] },
    `${toTheDot}\nS: 250 2.0.0 Queued (t-1.1)`,
  )
  expect(box.mails).toHaveLength(3)
})
