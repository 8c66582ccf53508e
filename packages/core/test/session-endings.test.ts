import { declined, deny, disconnect, done, type Handlers, ok, reply } from '@qpsmtpd/core'
import { dialogue, perform, mailbox, plugin, type Scene, setStage } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const greeted =
  'S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.'
const hello = `${greeted}
  C: HELO client.example.org
  S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.`
const mail = `${hello}
  C: MAIL FROM:<>
  S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!`
const rcpt = `${mail}
  C: RCPT TO:<ann@example.com>
  S: 250 2.1.5 <ann@example.com>, recipient ok`
const data = `${rcpt}
  C: DATA
  S: 354 go ahead
  C: Subject: x
  C:
  C: text`
const queued = `${data}
  C: .
  S: 250 2.0.0 Queued (t-1.1)`
const goodbye = 'S: 221 2.0.0 mx.example.com closing connection. Have a wonderful day.'
const timeout = 'X: wait 1201\nS: 421 4.4.2 Timeout; closing connection'
const draining = 'X: drain\nS: 421 4.3.2 Service is shutting down; please try again'
const tooBig = `${data}\n  C: ${'x'.repeat(300)}\n  C: .\n  S: 552 5.3.4 Message too big!`

interface Told {
  readonly hooks: string[]
  readonly scene: Scene
}

/** A scene that writes down when hooks about an end were told, and why. */
function spying(): Told {
  const hooks: string[] = []
  const spy = plugin('spy', {
    mail: (_context, sender) => {
      hooks.push('mail')
      if (sender?.local === 'deny') return deny()
      return sender?.local === 'done' ? done(reply(550, '5.1.0', 'Mine')) : declined
    },
    resetTransaction: ({ transaction }, reason) =>
      void hooks.push(`reset ${transaction.id} ${reason}`),
    disconnect: (_context, reason) => void hooks.push(`disconnect ${reason}`),
    vrfy: () => disconnect(deny('Enough')),
    connect: ({ connection }) => (connection.remote.host === 'bad' ? deny() : ok),
  })
  const yes = plugin('yes', {
    rcpt: (_context, { local }) => (local === 'bad' ? disconnect(deny('Never')) : ok),
  })
  return { hooks, scene: { config: { databytes: ['200'] }, plugins: [spy, yes, mailbox().plugin] } }
}

const endings: readonly (readonly [name: string, transcript: string, told: readonly string[]])[] = [
  ['QUIT at once', `${greeted}\nC: QUIT\n${goodbye}`, ['disconnect quit']],
  [
    'QUIT in a transaction',
    `${mail}\nC: QUIT\n${goodbye}`,
    ['mail', 'reset t-1.1 disconnect', 'disconnect quit'],
  ],
  ['an end at once', `${greeted}\nX: end`, ['disconnect gone']],
  [
    'an end in a transaction',
    `${mail}\nX: end`,
    ['mail', 'reset t-1.1 disconnect', 'disconnect gone'],
  ],
  [
    'V24: an end before the dot',
    `${data}\nX: end\nS: 451 4.4.2 Incomplete DATA`,
    ['mail', 'reset t-1.1 disconnect', 'disconnect gone'],
  ],
  ['a reset at once', `${greeted}\nX: reset`, ['disconnect reset']],
  [
    'a reset in a transaction',
    `${rcpt}\nX: reset`,
    ['mail', 'reset t-1.1 disconnect', 'disconnect reset'],
  ],
  [
    'a reset before the dot',
    `${data}\nX: reset`,
    ['mail', 'reset t-1.1 disconnect', 'disconnect reset'],
  ],
  [
    'a reset behind a message',
    `${queued}\nX: reset`,
    ['mail', 'reset t-1.1 queued', 'disconnect reset'],
  ],
  ['a time-out at once', `${greeted}\n${timeout}`, ['disconnect timeout']],
  [
    'a time-out in a transaction',
    `${mail}\n${timeout}`,
    ['mail', 'reset t-1.1 disconnect', 'disconnect timeout'],
  ],
  [
    'a time-out before the dot',
    `${data}\n${timeout}`,
    ['mail', 'reset t-1.1 disconnect', 'disconnect timeout'],
  ],
  ['a drain at once', `${greeted}\n${draining}`, ['disconnect drain']],
  ['a drain behind a hello', `${hello}\n${draining}`, ['disconnect drain']],
  [
    'a drain in a transaction',
    `${rcpt}\n${draining}`,
    ['mail', 'reset t-1.1 disconnect', 'disconnect drain'],
  ],
  [
    'a drain before the dot',
    `${data}\nX: drain\nC: more\nC: .\nS: 250 2.0.0 Queued (t-1.1)\n${draining.split('\n')[1]}`,
    ['mail', 'reset t-1.1 queued', 'disconnect drain'],
  ],
  [
    'a drain behind a message',
    `${queued}\n${draining}`,
    ['mail', 'reset t-1.1 queued', 'disconnect drain'],
  ],
  [
    'RSET, then QUIT',
    `${mail}\nC: RSET\nS: 250 2.0.0 OK\nC: QUIT\n${goodbye}`,
    ['mail', 'reset t-1.1 rset', 'disconnect quit'],
  ],
  [
    'a refused sender',
    `${hello}\nC: MAIL FROM:<deny@example.org>\nS: 550 5.7.1 <deny@example.org>, denied`,
    ['mail', 'reset t-1.1 refused', 'disconnect gone'],
  ],
  [
    'a sender whom a plugin itself tells no',
    `${hello}\nC: MAIL FROM:<done@example.org>\nS: 550 5.1.0 Mine`,
    ['mail', 'reset t-1.1 refused', 'disconnect gone'],
  ],
  [
    'Q16: a message that is too big',
    `${tooBig}\nC: DATA\nS: 503 5.5.1 MAIL first`,
    ['mail', 'reset t-1.1 refused', 'disconnect gone'],
  ],
  [
    'a recipient that ends the session',
    `${mail}\nC: RCPT TO:<bad@example.com>\nS: 550 5.7.1 Never\nC: NOOP`,
    ['mail', 'reset t-1.1 disconnect', 'disconnect refused'],
  ],
  [
    'a refusal that ends the session',
    `${greeted}\nC: VRFY x\nS: 554 5.7.1 Enough\nC: NOOP`,
    ['disconnect refused'],
  ],
]

describe('H10: resetTransaction is told once for each MAIL, and disconnect once for each session', () => {
  test.each(endings)('%s', async (_name, transcript, told) => {
    for (const play of ['by line', 'by octet'] as const) {
      const { hooks, scene } = spying()
      const [played] = await perform(scene, transcript, { plays: [play] })
      await played!.stage.over
      expect(hooks).toEqual(told)
    }
  })

  test('V35: each of several messages', async () => {
    const { hooks, scene } = spying()
    const second = queued.slice(hello.length).replaceAll('t-1.1', 't-1.2')
    await dialogue(scene, `${queued}\n${second}\nC: QUIT\n${goodbye}`, { plays: ['at once'] })
    expect(hooks).toEqual([
      'mail',
      'reset t-1.1 queued',
      'mail',
      'reset t-1.2 queued',
      'disconnect quit',
    ])
  })

  test('a session that was refused at its greeting', async () => {
    for (const ending of [
      `C: QUIT\n${goodbye}`,
      'X: end',
      'X: wait 61\nS: 421 4.4.2 Timeout; closing connection',
      draining,
    ]) {
      const { hooks, scene } = spying()
      const [played] = await perform(
        { ...scene, client: { host: 'bad' } },
        `S: 554 5.7.1 Connection from you denied, bye bye.\n${ending}`,
        { plays: ['by line'] },
      )
      await played!.stage.over
      expect(hooks.length).toBe(1)
      expect(hooks[0]).toMatch(/^disconnect (quit|gone|timeout|drain)$/)
    }
  })
})

describe('a client that resets while a hook is at work', () => {
  const input = queued.split('\n').flatMap((line) => /^ *C: ?(.*)/.exec(line)?.[1] ?? [])

  test.each([
    ['mail', ['mail', 'reset t-1.1 disconnect'], 0],
    ['rcpt', ['mail', 'reset t-1.1 disconnect'], 0],
    ['data', ['mail', 'reset t-1.1 disconnect'], 0],
    ['dataHeadersEnd', ['mail', 'reset t-1.1 disconnect'], 0],
    ['dataPostHeaders', ['mail', 'reset t-1.1 disconnect'], 0],
    ['dataPost', ['mail', 'reset t-1.1 disconnect'], 0],
    ['queuePre', ['mail', 'reset t-1.1 disconnect'], 0],
    ['queuePost', ['mail', 'reset t-1.1 queued'], 1],
    ['resetTransaction', ['mail', 'reset t-1.1 queued'], 1],
    ['rset', ['mail', 'reset t-1.1 queued'], 1],
  ] as const)(
    '%s: both ends are told once, and nothing more is queued',
    async (hook, told, mails) => {
      const { hooks, scene } = spying()
      const gate = Promise.withResolvers<void>()
      const begun = Promise.withResolvers<void>()
      const slow = {
        [hook]: async () => {
          begun.resolve()
          await gate.promise
          return declined
        },
      } as Handlers
      const box = mailbox()
      const plugins = [plugin('slow', slow), ...scene.plugins!.slice(0, 2), box.plugin]
      const { wire, over } = await setStage({ plugins })
      wire.send(Buffer.from(`${input.join('\r\n')}\r\nRSET\r\n`))
      await begun.promise
      wire.breakOff()
      gate.resolve()
      await over
      expect(hooks).toEqual([...told, 'disconnect reset'])
      expect(box.mails.length).toBe(mails)
    },
  )
})
