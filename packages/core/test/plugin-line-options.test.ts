import { deny, denySoft, disconnect, ok, type Plugin, type Refusal } from '@qpsmtpd/core'
import { dialogue, perform, plugin } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const greeted =
  'S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.'

const refuses = (verdict: Refusal): Plugin => plugin('judge', { noop: () => verdict })

describe('reject_type', () => {
  const said = {
    hard: '500 5.7.9 Hm',
    soft: '452 4.7.9 Hm',
    asHard: '500 5.7.1 Hm',
    asSoft: '451 4.7.1 Hm',
    softEnd: '421 4.7.9 Hm',
    asSoftEnd: '421 4.7.0 Hm',
  }
  const hard = deny('Hm', { code: 500, status: '5.7.9' })
  const soft = denySoft('Hm', { code: 452, status: '4.7.9' })

  test.each([
    ['', hard, said.hard, true],
    ['', soft, said.soft, true],
    ['', disconnect(hard), said.hard, false],
    ['reject_type perm', hard, said.hard, true],
    ['reject_type perm', soft, said.asHard, true],
    ['reject_type temp', hard, said.asSoft, true],
    ['reject_type temp', soft, said.soft, true],
    ['reject_type temp', disconnect(soft), said.soft, true],
    ['reject_type disconnect', hard, said.hard, false],
    ['reject_type disconnect', soft, said.asHard, false],
    ['reject_type temp_disconnect', hard, said.asSoftEnd, false],
    ['reject_type temp_disconnect', soft, said.softEnd, false],
  ])('"%s" makes of %j: %s', async (words, verdict, reply, goesOn) => {
    await dialogue(
      { plugins: [[refuses(verdict), words]] },
      `
      ${greeted}
      C: NOOP
      S: ${reply}
      C: RSET
      ${goesOn ? 'S: 250 2.0.0 OK' : ''}
    `,
    )
  })

  test('a plugin that fails is a temporary failure all the same', () =>
    dialogue(
      {
        plugins: [
          [
            plugin('bad', {
              noop: () => {
                throw new Error('secret')
              },
            }),
            'reject_type perm',
          ],
        ],
      },
      `${greeted}\nC: NOOP\nS: 451 4.3.0 Internal error - try again later`,
    ))
})

/** NOOP, and what VRFY has to say of it. */
const transcript = (reason: string): string =>
  `${greeted}\nC: NOOP\nS: 250 2.0.0 OK\nC: VRFY\nS: 250 2.0.0 ${reason}`

describe('reject', () => {
  test.each(['reject 0', 'reject naughty'])(
    '%s: the refusal is logged, and the next plugin asked',
    async (words) => {
      const told: string[] = []
      const spy = plugin('spy', {
        deny: (_context, { plugin: name }) => {
          told.push(name)
          return { verdict: 'declined' }
        },
      })
      const [played] = await perform(
        { plugins: [spy, [refuses(deny('Spam')), words], plugin('next', { noop: () => ok })] },
        `${greeted}\nC: NOOP\nS: 250 2.0.0 OK`,
      )
      expect(played!.records).toContainEqual(
        expect.objectContaining({
          level: 'notice',
          plugin: 'judge',
          text: `noop: would refuse (${words}): Spam`,
        }),
      )
      expect(told).toEqual([])
    },
  )

  test('reject 1 is the default', () =>
    dialogue(
      { plugins: [[refuses(deny('Spam')), 'reject 1']] },
      `${greeted}\nC: NOOP\nS: 500 5.7.1 Spam`,
    ))

  test('naughty keeps the first reason; reject 0 keeps none', () => {
    const shows = plugin('shows', {
      vrfy: ({ connection: { naughty } }) => ({
        verdict: 'ok',
        text: `${naughty?.plugin}: ${naughty?.text}`,
      }),
    })
    const other = plugin('other', { noop: () => deny('Other') })
    return Promise.all([
      dialogue(
        { plugins: [[refuses(deny('Spam')), 'reject naughty'], [other, 'reject naughty'], shows] },
        transcript('judge: Spam'),
      ),
      dialogue(
        { plugins: [[refuses(deny('Spam')), 'reject 0'], shows] },
        transcript('undefined: undefined'),
      ),
    ])
  })

  test('a failure is refused though reject is 0: it must not let mail in', () =>
    dialogue(
      {
        plugins: [
          [
            plugin('bad', {
              noop: () => {
                throw new Error('secret')
              },
            }),
            'reject 0',
          ],
        ],
      },
      `${greeted}\nC: NOOP\nS: 451 4.3.0 Internal error - try again later`,
    ))

  test('a plugin that owns the word reads it itself', () => {
    const owner: Plugin<number> = {
      name: 'owner',
      ownsReject: true,
      options: (words) => words.number('reject', 0),
      setup: (threshold) => ({ noop: () => deny(`over ${threshold}`) }),
    }
    return dialogue(
      { plugins: [[owner, 'reject 12']] },
      `${greeted}\nC: NOOP\nS: 500 5.7.1 over 12`,
    )
  })
})

describe('timeout', () => {
  const silent = plugin('silent', { noop: () => new Promise(() => undefined) })

  test.each([
    ['timeout 5', '', 5],
    ['timeout 0.5', '', 0.5],
    ['', '7', 7],
    ['timeout 5', '7', 5],
  ])('"%s", plugin_timeout "%s"', async (words, most, seconds) => {
    await dialogue(
      { plugins: [[silent, words]], config: most === '' ? {} : { plugin_timeout: [most] } },
      `
      ${greeted}
      C: NOOP
      X: wait ${seconds}
      S: 451 4.3.0 Internal error - try again later
    `,
    )
  })
})

describe('loglevel', () => {
  const talks = plugin('talks', {
    noop: ({ log }) => {
      log.debug('small')
      log.warning('great')
      return ok
    },
  })

  test.each([
    ['loglevel warning', ['great']],
    ['loglevel 4', ['great']],
    ['loglevel LOGERROR', []],
    ['loglevel debug', ['small', 'great']],
    ['', ['small', 'great']],
  ])('"%s"', async (words, texts) => {
    const [played] = await perform(
      { plugins: [[talks, words]] },
      `${greeted}\nC: NOOP\nS: 250 2.0.0 OK`,
    )
    expect(
      played!.records.filter((record) => record.plugin === 'talks').map(({ text }) => text),
    ).toEqual(texts)
  })
})
