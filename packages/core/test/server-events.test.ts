import { type Handlers, ok, type ServerEvent } from '@qpsmtpd/core'
import { dialogue, perform, mailbox, plugin } from '@qpsmtpd/core/testing'
import { expect, test } from 'vitest'

const message = `
  S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.
  C: HELO client.example.org
  S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.
  C: MAIL FROM:<>
  S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!
  C: RCPT TO:<ann@example.com>
  S: 250 2.1.5 <ann@example.com>, recipient ok
  C: DATA
  S: 354 go ahead
  C: Subject: x
  C: .
  S: 250 2.0.0 Queued (t-1.1)
`
const yes = plugin('yes', { rcpt: () => ok })

test('event is told what happens, in its order', async () => {
  const events: ServerEvent[] = []
  const listener = plugin('listener', { event: (_world, event) => void events.push(event) })
  const bad = plugin('bad', {
    noop: () => {
      throw new Error('oops')
    },
  })
  await dialogue(
    { plugins: [listener, bad, yes, mailbox().plugin] },
    `
    ${message}
    C: NOOP
    S: 451 4.3.0 Internal error - try again later
  `,
    { plays: ['by line'] },
  )
  const session = 't-1'
  expect(events).toEqual([
    { event: 'connected', session, address: '192.0.2.99' },
    { event: 'answered', session, hook: 'rcpt', plugin: 'yes', verdict: 'ok', duration: 0 },
    { event: 'answered', session, hook: 'queue', plugin: 'mailbox', verdict: 'ok', duration: 0 },
    { event: 'queued', session, message: 't-1.1', size: 12, recipients: 1, plugin: 'mailbox' },
    { event: 'failed', session, hook: 'noop', plugin: 'bad', cause: 'oops' },
    { event: 'disconnected', session, reason: 'gone', duration: 0 },
  ])
})

test.each([
  [
    'throws',
    () => {
      throw new Error('oops')
    },
  ],
  ['rejects, though its type forbids a promise', () => Promise.reject(new Error('oops'))],
  ['never ends, though its type forbids a promise', () => new Promise(() => undefined)],
])('an event handler that %s hinders nobody', async (_name, event) => {
  await dialogue(
    { plugins: [plugin('bad', { event } as unknown as Handlers), yes, mailbox().plugin] },
    message,
  )
})

test("every line of a session bears its id, and every line of a message the message's", async () => {
  const [played] = await perform({ plugins: [yes, mailbox().plugin] }, message, {
    plays: ['by line'],
  })
  const queued = played!.records.find(({ text }) => text.startsWith('queued by mailbox'))
  expect(queued).toMatchObject({
    session: 't-1.1',
    text: 'queued by mailbox: from <> to <ann@example.com>, 12 octets',
  })
  const last = played!.records.at(-1)
  expect(last).toMatchObject({ session: 't-1', text: 'disconnect (gone) after 0.0 s, 1 queued' })
  expect(played!.records.every(({ session }) => session?.startsWith('t-1'))).toBe(true)
})
