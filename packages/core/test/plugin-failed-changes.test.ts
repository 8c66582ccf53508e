import { deny, ok, parseMailbox, type Transaction, type TransactionContext } from '@qpsmtpd/core'
import { dialogue, perform, mailbox, plugin, type Played } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const message = (said = 'S: 250 2.0.0 Queued (t-1.1)'): string => `
  S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.
  C: HELO client.example.org
  S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.
  C: MAIL FROM:<ann@example.org>
  S: 250 2.1.0 <ann@example.org>, sender OK - how exciting to get mail from you!
  C: RCPT TO:<bob@example.com>
  S: 250 2.1.5 <bob@example.com>, recipient ok
  C: DATA
  S: 354 go ahead
  C: Subject: hello
  C: X-Old: 1
  C: X-Old: 2
  C:
  C: text
  C: .
  ${said}
`
const address = (text: string) => parseMailbox(text)!

/** What the failing plugin has to say of it. */
const complaints = (played: readonly Played[]): readonly string[] =>
  played
    .flatMap(({ records }) => records)
    .filter(({ level }) => level === 'error')
    .map(({ text }) => text)

const yes = plugin('yes', { rcpt: () => ok })

function addsAndThrows({ transaction }: TransactionContext): never {
  transaction.addRecipient(address('bcc@example.com'))
  throw new Error('too late')
}

describe('changes that are not made', () => {
  test('those of a handler that fails', () => {
    const box = mailbox()
    const lifts = plugin('lifts', { deny: () => ({ verdict: 'lift' }) })
    return dialogue(
      { plugins: [plugin('bad', { dataPost: addsAndThrows }), lifts, yes, box.plugin] },
      message(),
    ).then(() =>
      expect(box.mails.map(({ recipients }) => recipients)).toEqual([
        ['bob@example.com'],
        ['bob@example.com'],
        ['bob@example.com'],
      ]),
    )
  })

  test('those of a refusal that is only logged', async () => {
    const box = mailbox()
    const tolerated = plugin('tolerated', {
      rcpt: ({ transaction }) => {
        transaction.addRecipient(address('bcc@example.com'))
        return deny()
      },
    })
    await dialogue({ plugins: [[tolerated, 'reject 0'], yes, box.plugin] }, message())
    expect(box.mails[0]!.recipients).toEqual(['bob@example.com'])
  })

  test('those of a command that is refused', async () => {
    const box = mailbox()
    const adds = plugin('adds', {
      rcpt: ({ transaction }, { local }) => {
        if (local === 'no') transaction.addRecipient(address('bcc@example.com'))
        return { verdict: 'declined' }
      },
    })
    const judge = plugin('judge', {
      rcpt: (_context, { local }) =>
        local === 'no' ? { verdict: 'deny', temporary: false, disconnect: false } : ok,
    })
    await dialogue(
      { plugins: [adds, judge, box.plugin] },
      message().replace(
        'C: RCPT',
        `
      C: RCPT TO:<no@example.com>
      S: 550 5.7.1 relaying denied
      C: RCPT`,
      ),
    )
    expect(box.mails[0]!.recipients).toEqual(['bob@example.com'])
  })

  test.each([
    ['a name that is none', 'X Y', 'a'],
    ['a second field in the value', 'X-Y', 'a\r\nBcc: eve@example.org'],
    ['a lone LF', 'X-Y', 'a\nb'],
    ['an end of the header section', 'X-Y', 'a\r\n\r\nb'],
  ])('a header field with %s', async (_name, name, value) => {
    const box = mailbox()
    const bad = plugin('bad', {
      mail: ({ transaction }) => {
        transaction.prependHeader(name, value)
        return ok
      },
    })
    const played = await perform(
      { plugins: [bad, yes, box.plugin] },
      `
      ${message().split('C: MAIL')[0]}
      C: MAIL FROM:<ann@example.org>
      S: 451 4.3.0 Internal error - try again later
    `,
    )
    expect(complaints(played)[0]).toMatch(/^mail failed: (no )?header field/)
  })

  test.each(['', ' ', 'a\0b', '\r\n'])(
    'a result for Authentication-Results that is none: %j',
    async (result) => {
      const bad = plugin('bad', {
        dataPostHeaders: ({ transaction }) => transaction.addAuthResult(result),
      })
      const played = await perform(
        { plugins: [bad, yes, mailbox().plugin] },
        message('S: 451 4.3.0 Internal error - try again later'),
      )
      expect(complaints(played)[0]).toMatch(/^dataPostHeaders failed: /)
    },
  )
})

describe('changes that throw', () => {
  test.each(['resetTransaction', 'queuePost', 'rcptPre', 'body', 'queue'] as const)(
    'those in %s, which is outside mail to queuePre',
    async (hook) => {
      const caught: string[] = []
      const handler = ({ transaction }: TransactionContext, path: unknown): unknown => {
        try {
          transaction.addRecipient(address('bcc@example.com'))
        } catch (error) {
          caught.push(String(error))
        }
        return hook === 'rcptPre' ? path : { verdict: 'declined' }
      }
      const box = mailbox()
      await dialogue(
        { plugins: [plugin('late', { [hook]: handler }), yes, box.plugin] },
        message(),
        { plays: ['by line'] },
      )
      expect(caught[0]).toBe(
        "Error: transaction can't be changed: changes are made from mail to queuePre",
      )
      expect(box.mails[0]!.recipients).toEqual(['bob@example.com'])
    },
  )

  test('those after the answer', async () => {
    const kept: Transaction[] = []
    const box = mailbox()
    const keeper = plugin('keeper', {
      mail: ({ transaction }) => {
        kept.push(transaction)
        return ok
      },
    })
    await dialogue({ plugins: [keeper, yes, box.plugin] }, message(), { plays: ['by line'] })
    const change = (): void => kept[0]!.addRecipient(address('bcc@example.com'))
    expect(change).toThrow('the handler has answered already')
    await expect(kept[0]!.replaceBody(Buffer.from('x'))).rejects.toThrow(
      'the handler has answered already',
    )
  })

  test('those of a handler that has failed', async () => {
    const kept: Transaction[] = []
    const keeper = plugin('keeper', {
      mail: ({ transaction }) => {
        kept.push(transaction)
        throw new Error('my secret')
      },
    })
    const [refused] = message().split('S: 250 2.1.0')
    await dialogue(
      { plugins: [keeper] },
      `${refused}S: 451 4.3.0 Internal error - try again later`,
      { plays: ['by line'] },
    )
    const change = (): void => kept[0]!.addRecipient(address('bcc@example.com'))
    expect(change).toThrow('the handler has answered already')
  })
})
