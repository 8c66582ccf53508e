import { join } from 'node:path'
import { type Address, parseMailbox } from '@qpsmtpd/core'
import { dialogue, plugin } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'
import maildirPlugin from '../src/index.ts'
import { Template } from '../src/template.ts'
import {
  anybody,
  filesBelow,
  hello,
  mailsIn,
  queued,
  temporaryDirectory,
  transaction,
} from './directories.ts'

const byLine = { plays: ['by line'] } as const

function address(text: string): Address {
  const parsed = parseMailbox(text)
  if (parsed === undefined) throw new Error(`no address: ${text}`)
  return parsed
}

describe('the directory of a recipient', () => {
  test.each([
    ['the domain and the local part', '%d/%l', 'ann@example.com', 'example.com/ann'],
    ['the whole address', '%u', 'ann@example.com', 'ann@example.com'],
    ['with fixed parts', 'home/%l/Maildir', 'ann@example.com', 'home/ann/Maildir'],
    ['the same twice', '%l/%l', 'ann@example.com', 'ann/ann'],
    [
      'the domain in lower case, the local part as it is',
      '%u',
      'Ann@EXAMPLE.com',
      'Ann@example.com',
    ],
    ['me for a domain that is missing', '%d/%l', 'postmaster', 'mx.example.com/postmaster'],
    ['what is harmless stays', '%l', '"a-Z0+_.,=@b"@x', 'a-Z0+_.,=@b'],
    ['a slash', '%l', '"a/b"@x', 'a_b'],
    ['a way out', '%l', '"../../etc"@x', '.._.._etc'],
    ['blanks and quotes', '%l', '"a b\\"c"@x', 'a_b_c'],
    ['letters beyond ASCII', '%l', 'gr\u00fcn@x', 'gr_n'],
    ['an address literal', '%d', 'ann@[192.0.2.1]', '_192.0.2.1_'],
    ['a dot where more stands around it', 'x%l', '".."@x', 'x..'],
    ['a percent sign is replaced in the template only', '%l', '"%d%u"@x', '_d_u'],
    ['255 octets', '%l', `${'a'.repeat(255)}@x`, 'a'.repeat(255)],
  ])('%s', (_title, template, text, directory) => {
    expect(new Template(template).directoryOf(address(text), 'mx.example.com')).toBe(directory)
  })

  test.each([
    ['a dot', '%l', '"."@x'],
    ['two dots', '%l', '".."@x'],
    ['two dots further down', '%d/%l/x', '".."@x'],
    ['two dots of one', '.%l', '"."@x'],
    ['nothing', '%l', '""@x'],
    ['nothing further down', '%d/%l', '""@x'],
    ['a name that is too long for a file', '%l', `${'a'.repeat(256)}@x`],
    ['an address that is too long for a file', '%u', `${'a'.repeat(254)}@x`],
  ])('none: %s', (_title, template, text) => {
    expect(new Template(template).directoryOf(address(text), 'mx.example.com')).toBeUndefined()
  })
})

describe('a Maildir for each recipient', () => {
  test('each gets a copy that names no other; who is named twice gets one', async () => {
    const path = temporaryDirectory()
    const recipients = ['ann@example.com', 'carl@example.net', 'ann@Example.COM', 'postmaster']
    await dialogue(
      { plugins: [anybody, [maildirPlugin, `${path} %d/%l`]] },
      hello + transaction(recipients, queued()),
      byLine,
    )
    const directories = filesBelow(path).map((file) => file.replace(/\/[^/]*$/, ''))
    expect(directories).toEqual([
      'example.com/ann/new',
      'example.net/carl/new',
      'mx.example.com/postmaster/new',
    ])
    const [mail] = mailsIn(join(path, 'example.net/carl/new'))
    expect(mail).toMatch(
      /^Return-Path: <bob@example.org>\nDelivered-To: carl@example.net\nReceived/,
    )
    expect(mail).toMatch(/Subject: hello\n\nhello\n$/)
  })

  test('Q15: me in capitals is the same directory', async () => {
    const path = temporaryDirectory()
    await dialogue(
      {
        config: { me: ['MX.Example.COM'] },
        plugins: [anybody, [maildirPlugin, `${path} %d/%l`]],
      },
      hello.replaceAll('mx.example.com', 'MX.Example.COM') +
        transaction(['postmaster', 'postmaster@mx.example.com'], queued()),
      byLine,
    )
    expect(filesBelow(path)).toHaveLength(1)
    expect(filesBelow(path)[0]).toMatch(/^mx\.example\.com\/postmaster\/new\//)
  })

  test('with %d, two recipients of one domain are two messages', async () => {
    const path = temporaryDirectory()
    await dialogue(
      { plugins: [anybody, [maildirPlugin, `${path} %d`]] },
      hello + transaction(['ann@example.com', 'bob@example.com'], queued()),
      byLine,
    )
    expect(mailsIn(join(path, 'example.com/new'))).toHaveLength(2)
  })

  test.each(['""', '"."', '".."', 'a'.repeat(300)])(
    'a recipient that can have none is refused at RCPT: %s',
    async (local) => {
      const path = temporaryDirectory()
      await dialogue(
        { plugins: [[maildirPlugin, `${path} %d/%l`], anybody] },
        `${hello}
        C: MAIL FROM:<>
        S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!
        C: RCPT TO:<${local}@example.com>
        S: 553 5.1.3 no such mailbox name
        C: RCPT TO:<"a/../b"@example.com>
        S: 250 2.1.5 <"a/../b"@example.com>, recipient ok`,
      )
      expect(filesBelow(path)).toEqual([])
    },
  )

  test('where another plugin took it, the message is refused for good, and nobody gets it', async () => {
    const path = temporaryDirectory()
    await dialogue(
      { plugins: [anybody, [maildirPlugin, `${path} %d/%l`]] },
      hello +
        transaction(['ann@example.com', '".."@example.com'], '553 5.1.3 no such mailbox name'),
    )
    expect(filesBelow(path)).toEqual([])
  })

  test('a message whose recipients are all taken away is not said to be queued', async () => {
    const path = temporaryDirectory()
    const remover = plugin('remover', {
      queuePre({ transaction: own }) {
        for (const { address: recipient } of own.recipients) own.removeRecipient(recipient)
      },
    })
    await dialogue(
      { plugins: [anybody, remover, [maildirPlugin, `${path} %l`]] },
      hello +
        transaction(['ann@example.com'], '451 4.3.0 Could not store the message; try again later'),
    )
    expect(filesBelow(path)).toEqual([])
  })
})
