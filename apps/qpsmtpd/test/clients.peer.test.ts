import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { findPeer, type Peer, runPeer } from './peers.ts'
import { Program, testTime } from './program.ts'
import type { Sandbox } from './sandbox.ts'

/** What is sent. */
interface Mail {
  readonly to: readonly string[]
  /** One character an octet, LF at line ends. */
  readonly content: string
}

/** A client that is not ours. */
interface Client {
  readonly name: string
  readonly peer: Peer
  /** What it puts behind every mail. */
  readonly adds?: string
  /** Mails that it changes before it sends them. */
  readonly changes?: readonly string[]
  readonly send: (mail: Mail, port: number, box: Sandbox) => Promise<unknown>
}

const from = 'ann@example.org'

/** Writes what is to be sent to a file. */
function fileOf(box: Sandbox, content: string): string {
  const path = join(box.path, 'content')
  writeFileSync(path, content, 'latin1')
  return path
}

/** For a client that ends the last line itself, whether it has an end or not. */
const withoutEnd = (content: string): string => content.replace(/\n$/, '')

const withCrlf = (content: string): string => content.replaceAll('\n', '\r\n')

const swaks = findPeer('swaks', 'swaks')
const curl = findPeer('curl', 'curl')
const smtpSource = findPeer('smtp-source', 'postfix')
const python = findPeer('python3', 'python3')

const clients: readonly Client[] = [
  {
    // Makes LF to CRLF and doubles dots; a dot that is the last line it takes for the end of DATA, and where there is
    // no body it adds an empty line. It would replace %TOKENS% of its own.
    name: 'swaks',
    peer: swaks,
    changes: ['a dot as its last line', 'an empty body', 'a header and not even an empty line'],
    send: ({ to, content }, port, box) =>
      runPeer(swaks.path, [
        `--server=127.0.0.1:${port}`,
        '--helo=client.example.org',
        `--from=${from}`,
        `--to=${to.join(',')}`,
        `--data=@${fileOf(box, withoutEnd(content))}`,
      ]),
  },
  {
    // Sends line ends as they are, so the file has CRLF; the path of the URL is what EHLO says.
    name: 'curl',
    peer: curl,
    send: ({ to, content }, port, box) =>
      runPeer(curl.path, [
        '--silent',
        '--show-error',
        '--mail-from',
        from,
        ...to.flatMap((recipient) => ['--mail-rcpt', recipient]),
        '--upload-file',
        fileOf(box, withCrlf(content)),
        `smtp://127.0.0.1:${port}/client.example.org`,
      ]),
  },
  {
    // Says HELO, makes many recipients of one (bob, 2bob, 3bob …), and adds an empty line to what it was given.
    name: 'smtp-source',
    peer: smtpSource,
    adds: '\n',
    send: ({ to, content }, port, box) =>
      runPeer(smtpSource.path, [
        '-M',
        'client.example.org',
        '-f',
        from,
        '-t',
        to[0] ?? '',
        '-r',
        `${to.length}`,
        '-F',
        fileOf(box, content),
        `127.0.0.1:${port}`,
      ]),
  },
  {
    // Given octets, it doubles dots and leaves line ends alone; given text, it would refuse what is not ASCII.
    name: 'smtplib',
    peer: python,
    send: ({ to, content }, port) =>
      runPeer(
        python.path,
        [
          '-c',
          `import smtplib, sys
with smtplib.SMTP('127.0.0.1', ${port}, 'client.example.org') as client:
    refused = client.sendmail('${from}', sys.argv[1:], sys.stdin.buffer.read())
    assert refused == {}, refused`,
          ...to,
        ],
        { input: Buffer.from(withCrlf(content), 'latin1') },
      ),
  },
  {
    // Makes LF to CRLF and doubles dots; "raw" keeps it from making a message of its own.
    name: 'nodemailer',
    peer: { name: 'nodemailer', path: 'nodemailer', notice: '' },
    async send({ to, content }, port) {
      const { createTransport } = await import('nodemailer')
      const transport = createTransport({ host: '127.0.0.1', port, name: 'client.example.org' })
      const raw = Buffer.from(content, 'latin1')
      await transport.sendMail({ envelope: { from, to: [...to] }, raw })
      transport.close()
    },
  },
]

const octets = Array.from({ length: 256 }, (_, octet) => String.fromCharCode(octet))
  .filter((octet) => !/[\0\r\n]/.test(octet))
  .join('')

const header = 'From: ann@example.org\nSubject: test\n'

const mails: readonly (readonly [what: string, content: string])[] = [
  ['lines that begin with dots', `${header}\n.\n..\n.x\n...\nx.\n`],
  ['a dot as its last line', `${header}\nx\n.\n`],
  ['every octet but NUL, CR and LF', `${header}X-Octets: ${octets.slice(128)}\n\n${octets}\n`],
  ['a line of 10,000 octets', `${header}\n${'x'.repeat(10_000)}\nend\n`],
  ['a dot at the end of each line of a long text', `${header}\n${'.\nx.\n'.repeat(20_000)}`],
  ['an empty body', `${header}\n`],
  ['a header and not even an empty line', header],
  ['empty lines at its end', `${header}\nx\n\n\n\n`],
  ['a mebibyte', `${header}\n${`${'0123456789abcde'.repeat(4)}xyz\n`.repeat(16_384)}`],
]

/** What a Maildir has of a mail: its trace, and what it was before it came to us. */
function taken(mail: string): {
  trace: readonly string[]
  received: string
  content: string
} {
  const [, trace = '', received = '', content = ''] =
    /^((?:(?:Return-Path|Delivered-To): .*\n)*)(Received: .*\n(?:[ \t].*\n)*)([^]*)$/.exec(mail) ??
    []
  return { trace: trace.trimEnd().split('\n'), received, content }
}

describe.each(clients)('$name', testTime, ({ peer, adds = '', changes = [], send }) => {
  describe
    .skipIf(peer.path === undefined)
    .concurrent(`delivers, octet for octet,${peer.notice}`, () => {
      test.each(mails.filter(([what]) => !changes.includes(what)))('%s', async (_what, content) => {
        await using program = await Program.listening()
        await send({ to: ['bob@example.com'], content }, program.port, program.box)
        const [mail = '', ...others] = program.box.mails
        expect(others).toEqual([])
        const { trace, received, content: came } = taken(mail)
        expect(trace).toEqual(['Return-Path: <ann@example.org>', 'Delivered-To: bob@example.com'])
        expect(received).toContain('(HELO client.example.org) (127.0.0.1)')
        // Not toEqual: it would print a mebibyte.
        expect(came.length).toBe(content.length + adds.length)
        expect(came === content + adds).toBe(true)
      })

      test('one mail to 200 recipients', async () => {
        await using program = await Program.listening()
        const to = Array.from(
          { length: 200 },
          (_, index) => `${index === 0 ? '' : index + 1}bob@example.com`,
        )
        const content = `${header}\nhello\n`
        await send({ to, content }, program.port, program.box)
        const [mail = '', ...others] = program.box.mails
        expect(others).toEqual([])
        const [returnPath, ...delivered] = taken(mail).trace
        expect(returnPath).toBe('Return-Path: <ann@example.org>')
        expect(delivered.toSorted()).toEqual(
          to.map((address) => `Delivered-To: ${address}`).toSorted(),
        )
        expect(taken(mail).content).toBe(content + adds)
      })
    })
})
