import {
  type HookName,
  ok,
  parseMailbox,
  type Transaction,
  type TransactionContext,
} from '@qpsmtpd/core'
import { dialogue, mailbox, plugin } from '@qpsmtpd/core/testing'
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
const received =
  'Received: from client.example.org (HELO client.example.org) (192.0.2.99)\r\n' +
  '    by mx.example.com (qpsmtpd/1.2.3) with SMTP id t-1.1;\r\n' +
  '    Thu, 01 Jan 2026 12:00:00 +0000\r\n'
const address = (text: string) => parseMailbox(text)!

type Changer = (transaction: Transaction) => void | Promise<void>

/** What a mailbox has got when one hook has made a change. */
async function changedBy(
  hook: HookName,
  change: Changer,
  answer: unknown = { verdict: 'declined' },
) {
  const box = mailbox()
  const handler = async ({ transaction }: TransactionContext): Promise<unknown> => {
    await change(transaction)
    return answer
  }
  await dialogue(
    () => ({
      plugins: [
        plugin('changer', { [hook]: handler }),
        plugin('yes', { rcpt: () => ok }),
        box.plugin,
      ],
    }),
    message(),
  )
  expect(box.mails.length).toBe(3)
  const [mail] = box.mails
  // However the client's octets are cut, the same mail comes of it.
  expect(box.mails).toEqual([mail, mail, mail])
  return mail!
}

const mayChange: readonly HookName[] = [
  'mail',
  'rcpt',
  'data',
  'dataHeadersEnd',
  'dataPostHeaders',
  'receivedLine',
  'dataPost',
  'queuePre',
]

describe.each(mayChange)('in %s', (hook) => {
  test('a sender is changed', async () => {
    expect((await changedBy(hook, (it) => it.changeSender(null))).sender).toBe(null)
    const other = await changedBy(hook, (it) => it.changeSender(address('srs@example.com')))
    expect(other.sender).toBe('srs@example.com')
  })

  test('a recipient is added', async () => {
    const mail = await changedBy(hook, (it) => it.addRecipient(address('bcc@example.com')))
    expect(mail.recipients.toSorted()).toEqual(['bcc@example.com', 'bob@example.com'])
  })

  test('header fields are put on top, replaced and removed', async () => {
    const mail = await changedBy(hook, (it) => {
      it.prependHeader('X-New', 'a')
      it.replaceHeader('X-Old', '3')
      it.removeHeader('Subject')
    })
    const fields = `X-New: a\r\nX-Old: 3\r\n`
    const isLate = hook === 'dataPost' || hook === 'queuePre'
    expect(mail.content).toBe(
      isLate
        ? `X-New: a\r\n${received}X-Old: 3\r\n\r\ntext\r\n`
        : `${received}${fields}\r\ntext\r\n`,
    )
  })

  test('the body is replaced', async () => {
    const mail = await changedBy(hook, (it) => it.replaceBody(Buffer.from('\r\nother\r\n')))
    expect(mail.content).toMatch(/X-Old: 2\r\n\r\nother\r\n$/)
  })
})

describe.each(mayChange.filter((hook) => hook !== 'mail'))('recipients in %s', (hook) => {
  test('one is replaced', async () => {
    const mail = await changedBy(hook, (it) =>
      it.replaceRecipient(address('bob@example.com'), address('robert@example.net')),
    )
    expect(mail.recipients).toEqual(['robert@example.net'])
  })
})

test('a recipient is removed behind the dot', async () => {
  const mail = await changedBy('dataPost', (it) => {
    it.addRecipient(address('carol@example.com'))
    it.removeRecipient(address('bob@example.com'))
  })
  expect(mail.recipients).toEqual(['carol@example.com'])
})

async function* pieces(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('\r\none ')
  yield Buffer.from('two\r\n')
}

test('a body is replaced by one that comes in pieces', async () => {
  const mail = await changedBy('queuePre', (it) => it.replaceBody(pieces()))
  expect(mail.content).toMatch(/\r\n\r\none two\r\n$/)
})

test('results for Authentication-Results stand above Received, whoever found them out', async () => {
  const mail = await changedBy('mail', (it) => {
    it.addAuthResult('spf=pass smtp.mailfrom=example.org')
    it.addAuthResult('iprev=pass\r\n policy.iprev=192.0.2.99')
  })
  expect(
    mail.content.startsWith(
      'Authentication-Results: mx.example.com;\r\n' +
        '    spf=pass smtp.mailfrom=example.org;\r\n' +
        `    iprev=pass policy.iprev=192.0.2.99\r\n${received}`,
    ),
  ).toBe(true)
})
