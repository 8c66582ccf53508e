import { declined, deny, denySoft, type Handlers, lift, ok, type Plugin } from '@qpsmtpd/core'
import { dialogue, plugin } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const greeted =
  'S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.'
const hello = `${greeted}
  C: HELO client.example.org
  S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.`
const mail = `C: MAIL FROM:<>
  S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!`
const yes = plugin('yes', { rcpt: () => ok })

const answering = (name: string, answer: Handlers['noop'], written: string[]): Plugin =>
  plugin(name, {
    noop: (...args) => {
      written.push(name)
      return typeof answer === 'function' ? answer(...args) : declined
    },
  })

describe('H13: plugins are asked in the order of the list', () => {
  test.each([
    ['all decline', [declined, declined], ['a', 'b'], '250 2.0.0 OK'],
    ['the first says ok', [ok, deny()], ['a'], '250 2.0.0 OK'],
    ['the first refuses', [deny(), ok], ['a'], '500 5.7.1 Command denied'],
    ['the second refuses', [declined, denySoft('b')], ['a', 'b'], '451 4.7.1 b'],
  ])('%s', async (_name, [first, second], asked, said) => {
    for (const wrap of [false, true]) {
      const written: string[] = []
      const answer = (verdict: typeof first) => () => (wrap ? Promise.resolve(verdict!) : verdict!)
      const plugins = [
        answering('a', answer(first), written),
        answering('b', answer(second), written),
      ]
      await dialogue({ plugins }, `${greeted}\nC: NOOP\nS: ${said}`, { plays: ['by line'] })
      expect(written).toEqual(asked)
    }
  })

  test('H15: within one plugin, several handlers in the order given', async () => {
    const written: number[] = []
    const handler = (number: number) => () => {
      written.push(number)
      return declined
    }
    await dialogue(
      { plugins: [plugin('many', { noop: [handler(1), handler(2), handler(3)] })] },
      `${greeted}\nC: NOOP\nS: 250 2.0.0 OK`,
      { plays: ['by line'] },
    )
    expect(written).toEqual([1, 2, 3])
  })

  test('each may replace the path that it is handed', () =>
    dialogue(
      {
        plugins: [
          plugin('a', {
            mailPre: (_context, path) => path.replace('=', '@'),
            rcptPre: (_context, path) => `<${path}>`,
          }),
          plugin('b', { mailPre: async (_context, path) => path.toLowerCase() }),
          yes,
        ],
      },
      `
      ${hello}
      C: MAIL FROM:<ANN=EXAMPLE.ORG>
      S: 250 2.1.0 <ann@example.org>, sender OK - how exciting to get mail from you!
      C: RCPT TO:bob@example.com
      S: 250 2.1.5 <bob@example.com>, recipient ok
    `,
    ))
})

describe('observers', () => {
  test('H12, H17: deny is told of every refusal, by whom and where, and ok of every consent', async () => {
    const told: string[] = []
    const observer = plugin('observer', {
      deny: (_context, { hook, plugin: name, verdict }) => {
        told.push(`deny ${hook} ${name} ${verdict.temporary ? 'soft' : 'hard'} ${verdict.text}`)
        return declined
      },
      ok: (_context, { hook, plugin: name }) => void told.push(`ok ${hook} ${name}`),
    })
    const judge = plugin('judge', {
      noop: () => denySoft('later'),
      vrfy: () => deny('no'),
      expn: () => ok,
      help: () => {
        throw new Error('secret')
      },
    })
    await dialogue(
      { plugins: [observer, judge] },
      `
      ${greeted}
      C: NOOP
      S: 451 4.7.1 later
      C: VRFY x
      S: 554 5.7.1 no
      C: EXPN x
      S: 502 5.5.1 Mailing lists are not expanded here
      C: HELP
      S: 451 4.3.0 Internal error - try again later
    `,
      { plays: ['by line'] },
    )
    expect(told).toEqual([
      'deny noop judge soft later',
      'deny vrfy judge hard no',
      'ok expn judge',
      'deny help judge soft Internal error - try again later',
    ])
  })

  test('lift takes a refusal back: the next plugin is asked', () =>
    dialogue(
      {
        plugins: [
          plugin('lifter', {
            deny: (_context, { plugin: name }) => (name === 'harsh' ? lift : declined),
          }),
          plugin('harsh', {
            noop: () => deny('harsh'),
            rcpt: () => {
              throw new Error('secret')
            },
          }),
          plugin('mild', { noop: () => deny('mild') }),
        ],
      },
      `
      ${hello}
      C: NOOP
      S: 500 5.7.1 mild
      ${mail}
      C: RCPT TO:<ann@example.com>
      S: 450 4.7.1 No plugin decided if relaying is allowed
    `,
    ))

  test('a deny that refuses is not told of itself, and lifts nothing', () =>
    dialogue(
      {
        plugins: [
          plugin('odd', { deny: () => deny('again') } as unknown as Handlers),
          plugin('harsh', { noop: () => deny('harsh') }),
        ],
      },
      `${greeted}\nC: NOOP\nS: 500 5.7.1 harsh`,
    ))
})
