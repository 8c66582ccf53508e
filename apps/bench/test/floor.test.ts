import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { FloorSession } from '../src/floor-session.ts'
import { createFloor } from '../src/floor.ts'

const ehlo = '250-floor\r\n250-PIPELINING\r\n250 8BITMIME\r\n'
const ok = '250 ok\r\n'
const goOn = '354 go on\r\n'
const bye = '221 bye\r\n'
const envelope = 'MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n'

/** Replies to a text that is cut before the given octets. */
function repliesTo(text: string, cuts: readonly number[] = []): string {
  const session = new FloorSession()
  const octets = Buffer.from(text, 'latin1')
  const edges = [...cuts, octets.length]
  return edges
    .map((end, at) => session.read(octets.subarray(at === 0 ? 0 : edges[at - 1]!, end)))
    .join('')
}

// What looks like an end and is none would leave text behind, which gets a 500.
const bodies = {
  'plain text': 'Subject: x\r\n\r\ntext\r\n.\r\n',
  'an empty body': '.\r\n',
  'an empty line': '\r\n.\r\n',
  'stuffed dots': '..\r\n...\r\n.x\r\n..\r\n.\r\n',
  'dots behind text': 'a.\r\nb .\r\n.\r\n',
  'ends without CR': 'a\n.\nb\r\n.\nc\n.\r\nd\r\n.\r\n',
  'ends without LF': 'a\r.\rb\r\n.\rc\r.\r\nd\r\n.\r\n',
  'CR before the end': 'a\r\r\n.\r\r\n.\r\n',
} as const

describe('FloorSession', () => {
  test.each(Object.entries(bodies))('finds the end of %s at every cut', (_, body) => {
    const text = `EHLO x\r\n${envelope}${body}${envelope}${body}QUIT\r\n`
    const expected = ehlo + (ok + ok + goOn + ok).repeat(2) + bye
    const all = Array.from({ length: text.length - 1 }, (_unused, at) => at + 1)

    expect(repliesTo(text)).toBe(expected)
    expect(repliesTo(text, all)).toBe(expected)
    expect(all.filter((cut) => repliesTo(text, [cut]) !== expected)).toEqual([])
    const pairs = all.flatMap((first) => [2, 3, 4].map((size) => [first, first + size]))
    const inside = pairs.filter(([, second]) => second! < text.length)
    expect(inside.filter((cuts) => repliesTo(text, cuts) !== expected)).toEqual([])
  })

  test('knows its commands in any case and says so where it does not', () => {
    expect(repliesTo('helo x\r\nnoop\r\nRset\r\n')).toBe(ehlo + ok + ok)
    expect(repliesTo('XYZ\r\n')).toBe('500 what?\r\n')
  })

  test('reads nothing behind QUIT', () => {
    expect(repliesTo('QUIT\r\nNOOP\r\n')).toBe(bye)
  })
})

describe('createFloor', () => {
  test('greets, takes a message and closes behind QUIT', async () => {
    const server = createFloor().listen(0, '127.0.0.1')
    try {
      await once(server, 'listening')
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
      let text = ''
      socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
      socket.write(`EHLO x\r\n${envelope}text\r\n.\r\nQUIT\r\n`)
      await once(socket, 'close')
      expect(text).toBe(`220 floor ESMTP\r\n${ehlo}${ok}${ok}${goOn}${ok}${bye}`)
    } finally {
      server.close()
    }
  })
})
