import { type HookName, hookNames, ok, type Plugin } from '@qpsmtpd/core'
import { perform, mailbox, plugin, type Played, type Scene } from '@qpsmtpd/core/testing'
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
const dot = `${rcpt}
  C: DATA
  S: 354 go ahead
  C: Subject: x
  C:
  C: text
  C: .`
const failed = 'S: 451 4.3.0 Internal error - try again later'
const noop = 'C: NOOP\nS: 250 2.0.0 OK'
const goodbye = 'S: 221 2.0.0 mx.example.com closing connection. Have a wonderful day.'

/** A hook that fails: what leads to it, what the client is told of it, and what shows where the session stands then. */
interface Row {
  readonly before: string
  readonly said: string
  readonly after: string
  /** Seconds that a handler has. */
  readonly time?: number
}

const noTransaction = 'C: RCPT TO:<ann@example.com>\nS: 503 5.5.1 Use MAIL before RCPT'

const refusing: Partial<Record<HookName, Row>> = {
  connect: { before: '', said: 'S: 421 4.3.0 Internal error - try again later', after: 'C: NOOP' },
  helo: {
    before: `${greeted}\nC: HELO client.example.org`,
    said: failed,
    after: 'C: MAIL FROM:<>\nS: 503 5.5.1 please say hello first ...',
  },
  ehlo: {
    before: `${greeted}\nC: EHLO client.example.org`,
    said: failed,
    after: 'C: MAIL FROM:<>\nS: 503 5.5.1 please say hello first ...',
  },
  capabilities: {
    before: `${greeted}\nC: EHLO client.example.org`,
    said: failed,
    after: 'C: MAIL FROM:<>\nS: 503 5.5.1 please say hello first ...',
  },
  mailPre: { before: `${hello}\nC: MAIL FROM:<>`, said: failed, after: noTransaction },
  mail: { before: `${hello}\nC: MAIL FROM:<>`, said: failed, after: noTransaction },
  rcptPre: {
    before: `${mail}\nC: RCPT TO:<ann@example.com>`,
    said: failed,
    after: 'C: DATA\nS: 503 5.5.1 RCPT first',
  },
  rcpt: {
    before: `${mail}\nC: RCPT TO:<ann@example.com>`,
    said: failed,
    after: 'C: DATA\nS: 503 5.5.1 RCPT first',
  },
  data: { before: `${rcpt}\nC: DATA`, said: failed, after: noTransaction },
  dataHeadersEnd: { before: dot, said: failed, after: noTransaction },
  body: { before: dot, said: failed, after: noTransaction },
  dataPostHeaders: { before: dot, said: failed, after: noTransaction },
  receivedLine: { before: dot, said: failed, after: noTransaction },
  dataPost: { before: dot, said: failed, after: noTransaction, time: 240 },
  queuePre: { before: dot, said: failed, after: noTransaction, time: 240 },
  // The time of all behind the dot, and the grace that `queue` is given.
  queue: { before: dot, said: failed, after: noTransaction, time: 300 },
  vrfy: { before: `${greeted}\nC: VRFY ann`, said: failed, after: noop },
  expn: { before: `${greeted}\nC: EXPN ann`, said: failed, after: noop },
  noop: { before: `${greeted}\nC: NOOP`, said: failed, after: 'C: RSET\nS: 250 2.0.0 OK' },
  help: { before: `${greeted}\nC: HELP`, said: failed, after: noop },
  unrecognizedCommand: { before: `${greeted}\nC: FOO`, said: failed, after: noop },
}

const queued = 'S: 250 2.0.0 Queued (t-1.1)'

/** Hooks whose failure changes nothing for the client. */
const harmless: Partial<Record<HookName, Row>> = {
  quit: { before: `${greeted}\nC: QUIT`, said: goodbye, after: '' },
  rset: { before: `${mail}\nC: RSET`, said: 'S: 250 2.0.0 OK', after: noTransaction },
  resetTransaction: { before: `${mail}\nC: RSET`, said: 'S: 250 2.0.0 OK', after: noTransaction },
  queuePost: { before: `${dot}\n${queued}`, said: '', after: noTransaction },
  disconnect: { before: `${greeted}\nC: QUIT\n${goodbye}`, said: '', after: '' },
  ok: {
    before: `${mail}\nC: RCPT TO:<ann@example.com>`,
    said: 'S: 250 2.1.5 <ann@example.com>, recipient ok',
    after: 'C: DATA\nS: 354 go ahead',
  },
  deny: {
    before: `${mail}\nC: RCPT TO:<no@example.com>`,
    said: 'S: 550 5.7.1 relaying denied',
    after: 'C: DATA\nS: 503 5.5.1 RCPT first',
  },
}

const rows = Object.entries({ ...refusing, ...harmless }) as readonly [HookName, Row][]

/** A plugin of one handler whose answer the types would not let pass. */
function faulty(hook: HookName, handler: () => unknown): Plugin {
  return plugin('faulty', { [hook]: handler })
}

function scene(hook: HookName, handler: () => unknown): Scene {
  const accepts = plugin('accepts', {
    rcpt: (_context, { local }) =>
      local === 'no' ? { verdict: 'deny', temporary: false, disconnect: false } : ok,
  })
  return { plugins: [faulty(hook, handler), accepts, mailbox().plugin] }
}

function complaints({ records }: Played): readonly string[] {
  return records
    .filter(({ level, plugin: name }) => level === 'error' && name === 'faulty')
    .map(({ text }) => text)
}

const throws = (error: unknown) => (): never => {
  throw error
}

describe.each(rows)('H14: a handler of %s that', (hook, { before, said, after, time = 30 }) => {
  const play = async (handler: () => unknown, wait = ''): Promise<readonly string[]> => {
    const played = await perform(
      () => scene(hook, handler),
      `${before}\n${wait}\n${said}\n${after}`,
    )
    // A session that breaks off by itself has not come to an end that was asked for.
    for (const { records } of played)
      expect(records.filter(({ text }) => text.startsWith('session failed'))).toEqual([])
    return played.flatMap(complaints)
  }
  test('throws', async () => {
    const logged = await play(throws(new Error('my secret')))
    expect(logged).toContain(`${hook} failed: my secret`)
  })

  test('throws what is no error', async () => {
    expect(await play(throws(undefined))).toContain(`${hook} failed: undefined`)
  })

  test('rejects', async () => {
    const logged = await play(async () => throws(new Error('my secret'))())
    expect(logged).toContain(`${hook} failed: my secret`)
  })

  test('never answers', async () => {
    const limit = hook === 'queue' ? 240 : time
    const logged = await play(() => new Promise(() => undefined), `X: wait ${time}`)
    expect(logged).toContain(`${hook} failed: no answer within ${limit} s`)
  })
})

/** Answers that no hook knows. */
const rubbish: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['a number', 910],
  ['an object', {}],
  ['a verdict of another program', { verdict: 'OK' }],
  ['a verdict that is inherited', { verdict: 'constructor' }],
  ['a verdict of another hook', { verdict: 'lift' }],
  [
    'a refusal with a number for a text',
    { verdict: 'deny', temporary: false, disconnect: false, text: 5 },
  ],
  [
    'a refusal with a code of another class',
    { verdict: 'deny', temporary: true, disconnect: false, code: 550 },
  ],
  [
    'a refusal with a code that is none',
    { verdict: 'deny', temporary: false, disconnect: false, code: 5 },
  ],
  [
    'a refusal with a status that is none',
    { verdict: 'deny', temporary: false, disconnect: false, status: 'x' },
  ],
  ['an ok with an object for a text', { verdict: 'ok', text: {} }],
  ['done with null', { verdict: 'done', reply: null }],
  ['done with a 354', { verdict: 'done', reply: { code: 354, status: undefined, lines: ['x'] } }],
  [
    'done with a line break in it',
    { verdict: 'done', reply: { code: 250, status: undefined, lines: ['x\r\n250 y'] } },
  ],
  ['done with no line', { verdict: 'done', reply: { code: 250, status: undefined, lines: [] } }],
  [
    'an answer that can not be read',
    Object.defineProperty({}, 'verdict', {
      get: () => {
        throw new Error('no')
      },
    }),
  ],
  [
    'a promise that can not be read',
    new Proxy(
      {},
      {
        has: () => {
          throw new Error('no')
        },
      },
    ),
  ],
]

const asked = Object.entries(refusing).filter(
  ([hook]) =>
    !['mailPre', 'rcptPre', 'capabilities', 'body', 'dataPostHeaders', 'queuePre'].includes(hook),
) as readonly [HookName, Row][]

describe.each(asked)('%s answers', (hook, { before, said, after }) => {
  test.each(rubbish)('%s', async (_name, answer) => {
    const played = await perform(() => scene(hook, () => answer), `${before}\n${said}\n${after}`, {
      plays: ['at once'],
    })
    expect(complaints(played[0]!)[0]).toMatch(new RegExp(`^${hook} failed: `))
  })
})

test.each(['a\r\nb', 'a\nb', 'a\0b'])('receivedLine answers what is no field: %j', async (text) => {
  const { before, said, after } = refusing.receivedLine!
  const played = await perform(
    () => scene('receivedLine', () => ({ verdict: 'ok', text })),
    `${before}\n${said}\n${after}`,
  )
  expect(complaints(played[0]!)[0]).toMatch(/^receivedLine failed: /)
})

test('every hook that can fire stands in the tables', () => {
  const elsewhere = 'start stop startOnce stopOnce config event tls auth authLookup authenticated'
  expect(new Set([...rows.map(([hook]) => hook), ...elsewhere.split(' ')])).toEqual(
    new Set(hookNames),
  )
})
