import {
  deny,
  denySoft,
  discard,
  disconnect,
  done,
  type HookName,
  ok,
  okText,
  type Outcome,
  parseMailbox,
  perRecipient,
  reply,
  type Verdict,
} from '@qpsmtpd/core'
import { dialogue, mailbox, plugin } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const greeted =
  'S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.'
const rcpt = `${greeted}
  C: HELO client.example.org
  S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.
  C: MAIL FROM:<>
  S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!
  C: RCPT TO:<ann@example.com>
  S: 250 2.1.5 <ann@example.com>, recipient ok`
const dot = `${rcpt}
  C: DATA
  S: 354 go ahead
  C: Subject: x
  C:
  C: text
  C: .`
const yes = plugin('yes', { rcpt: () => ok })
const ann = parseMailbox('ann@example.com')!
const bob = parseMailbox('bob@example.com')!

const before: Partial<Record<HookName, string>> = {
  data: `${rcpt}\nC: DATA`,
  dataHeadersEnd: dot,
  dataPost: dot,
  queue: dot,
  vrfy: `${greeted}\nC: VRFY x`,
  expn: `${greeted}\nC: EXPN x`,
  noop: `${greeted}\nC: NOOP x`,
  help: `${greeted}\nC: HELP x`,
}

/** What is said, whether the session goes on, and what mailbox holds then. */
const rows: readonly (readonly [
  hook: HookName,
  verdict: Verdict,
  said: string,
  goesOn: boolean,
  mails: number,
])[] = [
  ['data', ok, '354 go ahead', false, 0],
  ['data', deny(), '554 5.7.1 Message denied', true, 0],
  ['data', denySoft(), '451 4.7.1 Message denied temporarily', true, 0],
  ['data', disconnect(deny('Bye')), '554 5.7.1 Bye', false, 0],
  ['data', disconnect(denySoft('Bye')), '421 4.7.0 Bye', false, 0],
  ['dataHeadersEnd', deny(), '554 5.7.1 Message denied', true, 0],
  ['dataHeadersEnd', denySoft('Later'), '451 4.7.1 Later', true, 0],
  ['dataPost', ok, '250 2.0.0 Queued (t-1.1)', true, 1],
  ['dataPost', deny(), '554 5.7.1 Message denied', true, 0],
  ['dataPost', deny('Spam', { code: 550, status: '5.7.0' }), '550 5.7.0 Spam', true, 0],
  ['dataPost', denySoft(), '451 4.7.1 Message denied temporarily', true, 0],
  ['dataPost', disconnect(deny('Virus')), '554 5.7.1 Virus', false, 0],
  ['dataPost', disconnect(denySoft('Later')), '421 4.7.0 Later', false, 0],
  ['dataPost', discard('boring'), '250 2.0.0 Queued (t-1.1)', true, 0],
  [
    'dataPost',
    perRecipient([
      [ann, ok],
      [bob, ok],
    ]),
    '250 2.0.0 Queued (t-1.1)',
    true,
    1,
  ],
  [
    'dataPost',
    perRecipient([
      [ann, deny('No')],
      [bob, deny('Nay')],
    ]),
    '554 5.7.1 No',
    true,
    0,
  ],
  [
    'dataPost',
    perRecipient([
      [ann, ok],
      [bob, deny()],
    ]),
    '451 4.3.0 Not delivered to all recipients yet; try again later',
    true,
    0,
  ],
  ['queue', ok, '250 2.0.0 Queued (t-1.1)', true, 0],
  ['queue', okText('Queued! qp 42'), '250 2.0.0 Queued! qp 42 (t-1.1)', true, 0],
  ['queue', deny(), '554 5.7.1 Message denied', true, 0],
  ['queue', denySoft(), '451 4.7.1 Message denied temporarily', true, 0],
  ['queue', disconnect(denySoft('Full')), '421 4.7.0 Full', false, 0],
  [
    'queue',
    perRecipient([
      [ann, ok],
      [bob, ok],
    ]),
    '250 2.0.0 Queued (t-1.1)',
    true,
    0,
  ],
  [
    'queue',
    perRecipient([
      [ann, ok],
      [bob, denySoft()],
    ]),
    '451 4.3.0 Not delivered to all recipients yet; try again later',
    true,
    0,
  ],
  [
    'queue',
    perRecipient([
      [ann, deny()],
      [bob, denySoft()],
    ]),
    '451 4.3.0 Not delivered to all recipients yet; try again later',
    true,
    0,
  ],
  [
    'queue',
    perRecipient([]),
    '451 4.3.0 Not delivered to all recipients yet; try again later',
    true,
    0,
  ],
  ['vrfy', okText('Ann <ann@example.com>'), '250 2.0.0 Ann <ann@example.com>', true, 0],
  ['vrfy', deny(), '554 5.7.1 Command denied', true, 0],
  ['vrfy', denySoft(), '451 4.7.1 Command denied temporarily', true, 0],
  ['expn', okText('ann@example.com'), '250 2.0.0 ann@example.com', true, 0],
  ['expn', deny(), '554 5.7.1 Command denied', true, 0],
  ['expn', done(reply(252, '2.1.5', 'Perhaps')), '252 2.1.5 Perhaps', true, 0],
  ['noop', okText('Still here'), '250 2.0.0 Still here', true, 0],
  ['noop', deny(), '500 5.7.1 Command denied', true, 0],
  ['noop', disconnect(deny('Bye')), '500 5.7.1 Bye', false, 0],
  ['noop', disconnect(denySoft('Bye')), '421 4.7.0 Bye', false, 0],
  ['help', okText('No help'), '214 2.0.0 No help', true, 0],
  ['help', deny(), '500 5.7.1 Command denied', true, 0],
  ['help', done(reply(214, undefined, 'Well')), '214 Well', true, 0],
]

const next: Partial<Record<HookName, string>> = { noop: 'C: RSET\nS: 250 2.0.0 OK' }

describe('V27, V28, V36, H2, H3, H4, H5, H6, H7, H8, H9: each answer of each hook', () => {
  test.each(rows)('%s: %j', async (hook, verdict, said, goesOn, mails) => {
    const box = mailbox()
    const judge = plugin('judge', { [hook]: () => verdict })
    const after = goesOn ? (next[hook] ?? 'C: NOOP\nS: 250 2.0.0 OK') : 'C: NOOP'
    const transcript = `${before[hook]}\nS: ${said}\n${after}`
    await dialogue({ plugins: [judge, yes, box.plugin] }, transcript, {
      plays: ['by line', 'by octet'],
    })
    expect(box.mails.length).toBe(mails * 2)
  })

  test.each([
    [disconnect(deny('Bye')), '554 5.7.1 Bye'],
    [disconnect(denySoft('Bye')), '421 4.7.0 Bye'],
  ])('dataHeadersEnd ends the session in the middle of a message: %j', async (verdict, said) => {
    await dialogue(
      { plugins: [plugin('judge', { dataHeadersEnd: () => verdict }), yes] },
      `
      ${rcpt}
      C: DATA
      S: 354 go ahead
      C: Subject: x
      C:
      S: ${said}
      C: text
      C: .
    `,
    )
  })

  test('V28: a message that nobody queues is 451', () =>
    dialogue(
      { plugins: [yes] },
      `${dot}\nS: 451 4.3.0 Queuing declined or disabled; try again later`,
    ))

  test('V35: a message that is refused leaves no transaction', () =>
    dialogue(
      { plugins: [plugin('judge', { dataPost: () => deny() }), yes] },
      `
      ${dot}
      S: 554 5.7.1 Message denied
      C: DATA
      S: 503 5.5.1 MAIL first
    `,
    ))
})

describe('queuePost is told how it came out', () => {
  test.each([
    ['queue', ok, { outcome: 'queued', plugin: 'judge' }],
    ['queue', denySoft(), { outcome: 'refused', code: 451 }],
    ['dataPost', deny(), { outcome: 'refused', code: 554 }],
    ['dataPost', discard('boring'), { outcome: 'discarded', reason: 'boring' }],
  ] as const)('%s: %j', async (hook, verdict, outcome) => {
    const told: Outcome[] = []
    const judge = plugin('judge', {
      [hook]: () => verdict,
      queuePost: (_context: unknown, _message: unknown, how: Outcome) => void told.push(how),
    })
    const said = outcome.outcome === 'refused' ? `${outcome.code} ` : '250 2.0.0 Queued (t-1.1)'
    const text = { 451: '4.7.1 Message denied temporarily', 554: '5.7.1 Message denied' }
    await dialogue(
      { plugins: [judge, yes] },
      `${dot}\nS: ${said}${outcome.outcome === 'refused' ? text[outcome.code] : ''}`,
      { plays: ['by line'] },
    )
    expect(told).toEqual([outcome])
  })
})
