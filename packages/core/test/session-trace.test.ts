import { ok, okText } from '@qpsmtpd/core'
import { dialogue, mailbox, plugin, type Scene } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const ehloReply = `
  S: 250-mx.example.com Hi client.example.org [192.0.2.99]
  S: 250-PIPELINING
  S: 250-8BITMIME
  S: 250-SMTPUTF8
  S: 250 ENHANCEDSTATUSCODES`

interface Telling {
  readonly hello?: string
  readonly parameters?: string
  readonly scene?: Scene
}

/** The mail that comes of a header and the line `text`. */
async function traced(
  header: string,
  { hello = 'HELO client.example.org', parameters = '', scene = {} }: Telling = {},
): Promise<string> {
  const box = mailbox()
  const helloReply = hello.startsWith('E')
    ? ehloReply
    : 'S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.'
  await dialogue(
    {
      ...scene,
      plugins: [...(scene.plugins ?? []), plugin('yes', { rcpt: () => ok }), box.plugin],
    },
    `
    S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.
    C: ${hello}
    ${helloReply}
    C: MAIL FROM:<> ${parameters}
    S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!
    C: RCPT TO:<ann@example.com>
    S: 250 2.1.5 <ann@example.com>, recipient ok
    C: DATA
    S: 354 go ahead
    ${header
      .split('\n')
      .map((line) => `C: ${line}`)
      .join('\n')}
    C:
    C: text
    C: .
    S: 250 2.0.0 Queued (t-1.1)
  `,
    { plays: ['at once'] },
  )
  return box.mails[0]!.content
}

const receivedWith = (protocol: string): string =>
  'Received: from client.example.org (HELO client.example.org) (192.0.2.99)\r\n' +
  `    by mx.example.com (qpsmtpd/1.2.3) with ${protocol} id t-1.1;\r\n` +
  '    Thu, 01 Jan 2026 12:00:00 +0000\r\n'

describe('Received', () => {
  test('D7, D8: stands on top, and nothing else is added: those that came stay as they are', async () => {
    expect(await traced('Received: by  other;\n\tsome day\nSubject: x')).toBe(
      `${receivedWith('SMTP')}Received: by  other;\r\n\tsome day\r\nSubject: x\r\n\r\ntext\r\n`,
    )
  })

  test.each([
    ['EHLO client.example.org', '', 'ESMTP'],
    ['EHLO client.example.org', 'SMTPUTF8', 'UTF8SMTP'],
    ['HELO client.example.org', '', 'SMTP'],
  ])('D8: %s %s is %s', async (hello, parameters, protocol) => {
    expect(await traced('Subject: x', { hello, parameters })).toMatch(receivedWith(protocol))
  })

  test('D8: what the client calls itself can forge nothing', async () => {
    const content = await traced('Subject: x', { hello: 'HELO a)(10.0.0.1)<>;"' })
    expect(content.split('\r\n')[0]).toBe(
      'Received: from client.example.org (HELO a??10.0.0.1?????) (192.0.2.99)',
    )
  })

  test('a plugin writes it', async () => {
    const scene: Scene = {
      plugins: [
        plugin('own', { receivedLine: (_context, { id, hello }) => okText(`${hello} ${id}`) }),
      ],
    }
    expect(await traced('Subject: x', { scene })).toBe(
      'Received: client.example.org t-1.1\r\nSubject: x\r\n\r\ntext\r\n',
    )
  })

  test('a plugin that agrees without a text leaves ours', async () => {
    const scene: Scene = { plugins: [plugin('own', { receivedLine: () => ok })] }
    expect(await traced('Subject: x', { scene })).toMatch(receivedWith('SMTP'))
  })
})

const results = (...found: readonly string[]): Scene => ({
  plugins: [
    plugin('finder', {
      dataPostHeaders: ({ transaction }) => {
        for (const result of found) transaction.addAuthResult(result)
      },
    }),
  ],
})

describe('Authentication-Results', () => {
  test('ours stands above Received', async () => {
    expect(await traced('Subject: x', { scene: results('spf=pass', 'dkim=none') })).toBe(
      `Authentication-Results: mx.example.com;\r\n    spf=pass;\r\n    dkim=none\r\n${receivedWith('SMTP')}Subject: x\r\n\r\ntext\r\n`,
    )
  })

  test.each([
    ['our name', 'Authentication-Results: mx.example.com; spf=pass'],
    ['our name in capitals', 'AUTHENTICATION-RESULTS: MX.Example.COM; spf=pass'],
    ['our name and a version', 'Authentication-Results: mx.example.com 1; spf=pass'],
    ['our name behind a comment', 'Authentication-Results: (a (b) c) mx.example.com; spf=pass'],
    ['our name in quotes', 'Authentication-Results: "mx.example.com"; spf=pass'],
    ['our name on a folded line', 'Authentication-Results:\n mx.example.com;\n spf=pass'],
    ['a blank before the colon', 'Authentication-Results : mx.example.com; spf=pass'],
  ])('those that came under our name are removed: %s', async (_name, forged) => {
    expect(await traced(`A: 1\n${forged}\nB: 2`)).toBe(
      `${receivedWith('SMTP')}A: 1\r\nB: 2\r\n\r\ntext\r\n`,
    )
  })

  test('those of others stay', async () => {
    const other =
      'Authentication-Results: mx.example.com.evil.example; spf=pass\nX-Authentication-Results: mx.example.com; x'
    expect(await traced(other)).toBe(
      `${receivedWith('SMTP')}${other.replace('\n', '\r\n')}\r\n\r\ntext\r\n`,
    )
  })
})
