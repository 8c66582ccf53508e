import { ok } from '@qpsmtpd/core'
import { mailbox, plugin, type ReceivedMail, type Scene, setStage } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const begin = 'HELO client.example.org\r\nMAIL FROM:<>\r\nRCPT TO:<ann@example.com>\r\nDATA\r\n'
const received =
  'Received: from client.example.org (HELO client.example.org) (192.0.2.99)\r\n' +
  '    by mx.example.com (qpsmtpd/1.2.3) with SMTP id t-1.1;\r\n' +
  '    Thu, 01 Jan 2026 12:00:00 +0000\r\n'
const queued = '250 2.0.0 Queued (t-1.1)'
const stray = '554 5.6.0 A CR or LF that is not part of a CRLF, see RFC 5321 2.3.8; message refused'

interface Sent {
  /** What the server said behind the 354. */
  readonly said: readonly string[]
  readonly mails: readonly ReceivedMail[]
}

/** Sends octets behind DATA and 354, cut into pieces of so many. */
async function send(octets: Buffer, size: number, scene: Scene): Promise<Sent> {
  const box = mailbox()
  const { wire, over } = await setStage({
    ...scene,
    plugins: [plugin('yes', { rcpt: () => ok }), ...(scene.plugins ?? []), box.plugin],
  })
  wire.send(Buffer.from(begin))
  for (let at = 0; at < octets.length; at += size) wire.send(octets.subarray(at, at + size))
  wire.sendEnd()
  await over
  const lines = wire.takeOutput().split('\r\n').slice(0, -1)
  return { said: lines.slice(lines.indexOf('354 go ahead') + 1), mails: box.mails }
}

/** What comes of a message, however its octets are cut. */
async function sent(text: string, scene: Scene = {}): Promise<Sent> {
  const octets = Buffer.from(text, 'latin1')
  const whole = await send(octets, octets.length, scene)
  for (const size of octets.length > 10_000 ? [1_000, 4_097] : [1, 2, 3, 7])
    expect(await send(octets, size, scene)).toEqual(whole)
  return whole
}

async function content(text: string, scene?: Scene): Promise<string> {
  const { said, mails } = await sent(text, scene)
  expect(said).toEqual([queued])
  expect(mails.length).toBe(1)
  return mails[0]!.content
}

describe('V23: behind DATA, what arrived is what is queued', () => {
  const everyOctet = String.fromCharCode(
    ...Array.from({ length: 256 }, (_, octet) => octet).filter(
      (octet) => octet !== 10 && octet !== 13,
    ),
  )

  test.each([
    ['a header and a body', 'Subject: x\r\n\r\ntext\r\n', ''],
    [
      'odd but harmless spacing in the header',
      'Subject:x\r\nX :  y \r\n\t folded\r\nsubject: again\r\n\r\ntext\r\n',
      '',
    ],
    ['every octet', `Subject: x\r\n\r\n${everyOctet}\r\n`, ''],
    ['Q8: a header without a body', 'Subject: x\r\nTo: y\r\n', ''],
    ['a header and an empty line', 'Subject: x\r\n\r\n', ''],
    ['nothing at all', '', ''],
    ['a body without a header', 'just text\r\nmore\r\n', '\r\n'],
    ['a body that begins with an empty line', '\r\ntext\r\n', ''],
    ['a line of 100,000 octets', `Subject: x\r\n\r\n${'y'.repeat(100_000)}\r\n`, ''],
  ])('%s', async (_name, message, between) => {
    expect(await content(`${message}.\r\n`)).toBe(`${received}${between}${message}`)
  })

  test('D4, Q6: the first dot of a line is taken off, and no other', async () => {
    expect(await content('Subject: x\r\n\r\n..\r\n.x\r\n...y\r\na.b\r\n.\r\n')).toBe(
      `${received}Subject: x\r\n\r\n.\r\nx\r\n..y\r\na.b\r\n`,
    )
  })
})

describe('bare_newline', () => {
  const smuggled =
    'MAIL FROM:<eve@example.org>\r\nRCPT TO:<ann@example.com>\r\nDATA\r\nevil\r\n.\r\n'

  test.each([
    ['LF . LF', `Subject: x\r\n\r\na\n.\n${smuggled}`],
    ['LF . CRLF', `Subject: x\r\n\r\na\n.\r\n${smuggled}`],
    ['CRLF . LF', `Subject: x\r\n\r\na\r\n.\n${smuggled}`],
    ['CR . CR', `Subject: x\r\n\r\na\r.\r${smuggled}`],
    ['CRLF . CR CRLF', `Subject: x\r\n\r\na\r\n.\r\r\n${smuggled}`],
    ['a LF in the header', `Subject: x\nX: y\r\n\r\n${smuggled}`],
  ])(
    'Q7, V26: %s ends no message; what follows is never run, and nothing is queued',
    async (_name, message) => {
      expect(await sent(message)).toEqual({ said: [stray], mails: [] })
    },
  )

  test('normalize makes each a CRLF, which neither ends a message nor takes a dot off', async () => {
    const scene: Scene = { config: { bare_newline: ['normalize'] } }
    expect(await content('Subject: x\n\na\n.\n..b\rc\r\n..d\r\n.\r\n', scene)).toBe(
      `${received}Subject: x\r\n\r\na\r\n.\r\n..b\r\nc\r\n.d\r\n`,
    )
  })

  test('the session goes on behind the 554', async () => {
    const { said, mails } = await sent(`a\nb\r\n.\r\n${begin}Subject: y\r\n\r\nz\r\n.\r\n`)
    expect(said.slice(-1)).toEqual(['250 2.0.0 Queued (t-1.2)'])
    expect(mails.map((mail) => mail.content.endsWith('Subject: y\r\n\r\nz\r\n'))).toEqual([true])
  })
})

describe('what is too much', () => {
  const scene: Scene = { config: { databytes: ['20'] } }
  const goodbye = '221 2.0.0 mx.example.com closing connection. Have a wonderful day.'

  test('D9: databytes counts octets with their CRLF, without stuffed dots', async () => {
    expect((await sent('S: x\r\n\r\n1234567890\r\n.\r\n', scene)).said).toEqual([queued])
    expect((await sent('S: x\r\n\r\n..23456789\r\n.\r\n', scene)).said).toEqual([queued])
    expect((await sent('S: x\r\n\r\n12345678901\r\n.\r\n', scene)).said).toEqual([
      '552 5.3.4 Message too big!',
    ])
  })

  test('V25: a message that is too big is read to its end, and no further', async () => {
    const tooBig = `Subject: x\r\n\r\n${'NOOP\r\n'.repeat(10_000)}.\r\nQUIT\r\nNOOP\r\n`
    expect(await sent(tooBig, scene)).toEqual({
      said: ['552 5.3.4 Message too big!', goodbye],
      mails: [],
    })
  })

  test('D10: a message that is too big and not whole is incomplete', async () => {
    expect((await sent('x'.repeat(100), scene)).said).toEqual(['451 4.4.2 Incomplete DATA'])
  })

  test('DATABYTES of the connection stands before databytes', async () => {
    const particulars = { environment: new Map([['DATABYTES', '0']]) }
    expect(
      (await sent(`Subject: ${'x'.repeat(100)}\r\n.\r\n`, { ...scene, particulars })).said,
    ).toEqual([queued])
  })

  test('a header section of 1 MiB is taken, and one octet more is 552', async () => {
    const line = `X: ${'y'.repeat(1_021 - 2)}\r\n`
    const full = line.repeat(1_024)
    expect(full.length).toBe(1_048_576)
    expect((await sent(`${full}\r\ntext\r\n.\r\n`)).said).toEqual([queued])
    expect(await sent(`X${full}\r\ntext\r\n.\r\nQUIT\r\n`)).toEqual({
      said: ['552 5.3.4 Header section too big', goodbye],
      mails: [],
    })
  })

  test('M12: 99 hops are taken, and 100 are a loop', async () => {
    const hops = `Received: x\r\ndelivered-to: y\r\n`.repeat(49)
    expect((await sent(`${hops}RECEIVED: z\r\n\r\ntext\r\n.\r\n`)).said).toEqual([queued])
    expect(await sent(`${hops}Received: z\r\nReceived: z\r\n\r\ntext\r\n.\r\n`)).toEqual({
      said: ['554 5.4.6 too many hops, this message is looping'],
      mails: [],
    })
    expect((await sent(`\r\n${'Received: in the body\r\n'.repeat(101)}.\r\n`)).said).toEqual([
      queued,
    ])
  })
})

describe('the end of the input', () => {
  test.each(['', 'Subject: x\r\n', 'Subject: x\r\n\r\ntext', 'text\r\n.', 'text\r\n.\r'])(
    'V24: before the dot nothing is queued: %j',
    async (part) => {
      expect(await sent(part)).toEqual({ said: ['451 4.4.2 Incomplete DATA'], mails: [] })
    },
  )

  test('right behind the dot is early enough', async () => {
    expect((await sent('text\r\n.\r\n')).said).toEqual([queued])
  })
})

const broken = () => {
  throw new Error('no space left on device')
}

describe('a spool that fails', () => {
  const noRoom = '451 4.3.0 No room for the message now; try again later'
  test('Q5: before the 354: the message is not asked for', async () => {
    for (const open of [broken, async () => broken()]) {
      const { wire, over, records } = await setStage({
        plugins: [plugin('yes', { rcpt: () => ok })],
        spool: { open },
      })
      wire.send(Buffer.from(`${begin}QUIT\r\n`))
      await over
      expect(wire.takeOutput().split('\r\n').slice(4, 5)).toEqual([noRoom])
      expect(records).toContainEqual(
        expect.objectContaining({ text: 'spool: no space left on device' }),
      )
    }
  })

  test.each([
    ['throws', broken],
    ['rejects', async () => broken()],
  ])('Q5: later, it %s: the rest is read and thrown away', async (_name, write) => {
    const body = { size: 0, inMemory: [], read: broken, write, release: () => undefined }
    const { said, mails } = await sent('Subject: x\r\n\r\ntext\r\nNOOP\r\n.\r\nNOOP\r\n', {
      spool: { open: () => body },
    })
    expect(said).toEqual([noRoom, '250 2.0.0 OK'])
    expect(mails).toEqual([])
  })
})
