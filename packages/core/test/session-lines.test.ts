import { plugin, type Scene, setStage } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

/** What the server says behind its greeting to octets that come all at once, and in pieces. */
async function heard(input: string | Buffer, scene: Scene = {}): Promise<string> {
  const octets = Buffer.from(input as string)
  const [atOnce, inPieces] = [await play([octets], scene), await play(cut(octets), scene)]
  expect(inPieces).toBe(atOnce)
  return atOnce
}

async function play(chunks: readonly Uint8Array[], scene: Scene): Promise<string> {
  const { wire, over } = await setStage(scene)
  for (const chunk of chunks) wire.send(chunk)
  wire.sendEnd()
  await over
  const [, ...lines] = wire.takeOutput().split('\r\n')
  return lines.join('\n')
}

/** Octets one by one; of many, so many at a time that most lines are cut. */
function cut(octets: Buffer): readonly Uint8Array[] {
  const size = octets.length > 10_000 ? 997 : 1
  return Array.from({ length: Math.ceil(octets.length / size) }, (_, index) =>
    octets.subarray(index * size, (index + 1) * size),
  )
}

const stray = '500 5.5.2 Lines end with CRLF, and nothing else ends a line\n'
const bad = '500 5.5.2 Control octets or broken UTF-8 in command\n'
const fine = '250 2.0.0 OK\n'

describe('command lines', () => {
  test.each([
    ['CRLF ends a line', 'NOOP\r\nNOOP\r\n', fine + fine],
    ['a bare LF ends none, and spoils the line', 'NOOP\nNOOP\r\nNOOP\r\n', stray + fine],
    ['LF at the beginning', '\nNOOP\r\nNOOP\r\n', stray + fine],
    ['a bare CR spoils the line', 'NO\rOP\r\nNOOP\r\n', stray + fine],
    ['CR CR LF', 'NOOP\r\r\nNOOP\r\n', stray + fine],
    ['a NUL', 'NOOP \0\r\nNOOP\r\n', bad + fine],
    ['an escape sequence', 'NOOP \x1b[2J\r\nNOOP\r\n', bad + fine],
    ['a DEL', 'NOOP \x7f\r\nNOOP\r\n', bad + fine],
    [
      'broken UTF-8',
      Buffer.from([0x4e, 0x4f, 0x4f, 0x50, 0x20, 0xff, 13, 10, 0x4e, 0x4f, 0x4f, 0x50, 13, 10]),
      bad + fine,
    ],
    ['a tab is a blank', 'NOOP\tx\r\n', fine],
    ['a line without its end is none', 'NOOP\r\nQUIT', fine],
    ['an empty line', '\r\n', '500 5.5.1 Unrecognized command\n'],
    ['a verb in mixed case', 'nOoP\r\n', fine],
  ])('%s', async (_name, input, said) => {
    expect(await heard(input)).toBe(said)
  })

  test('the longest line is heard, and one octet more is 500', async () => {
    const longest = `NOOP ${'x'.repeat(4_096 - 7)}\r\n`
    expect(longest.length).toBe(4_096)
    expect(await heard(longest)).toBe(fine)
    expect(await heard(longest.replace(' ', ' x') + longest)).toBe(
      `500 5.5.2 Line too long\n${fine}`,
    )
  })

  test('a line without an end is 500 once, then 421', async () => {
    const endless = 'x'.repeat(65_537)
    expect(await heard(`${endless.slice(1, -2)}\r\nNOOP\r\n`)).toBe(
      `500 5.5.2 Line too long\n${fine}`,
    )
    expect(await heard(`${endless}\r\nNOOP\r\n`)).toBe(
      '500 5.5.2 Line too long\n421 4.5.2 Line without an end; closing connection\n',
    )
  })

  test('bad lines count as bad commands', async () => {
    expect(await heard('\n\r\n\n\r\n\n\r\nNOOP\r\n', { config: { max_errors: ['2'] } })).toBe(
      `${stray}${stray}421 4.7.0 Too many errors; closing connection\n`,
    )
  })
})

describe('the end of the input', () => {
  test('a client that has ended its side still gets all replies', async () => {
    const gate = Promise.withResolvers<void>()
    const slow = plugin('slow', {
      noop: async () => {
        await gate.promise
        return { verdict: 'ok', text: 'slowly' }
      },
    })
    const { wire, over, clock } = await setStage({ plugins: [slow] })
    wire.send(Buffer.from('NOOP\r\nVRFY x\r\nQUIT\r\n'))
    wire.sendEnd()
    await clock.advance(1_000)
    wire.takeOutput()
    gate.resolve()
    await over
    expect(wire.takeOutput()).toBe(
      '250 2.0.0 slowly\r\n' +
        "252 2.0.0 Just try sending a mail and we'll see how it turns out ...\r\n" +
        '221 2.0.0 mx.example.com closing connection. Have a wonderful day.\r\n',
    )
  })

  test('what comes behind QUIT is not heard', async () => {
    expect(await heard('QUIT\r\nNOOP\r\n')).toBe(
      '221 2.0.0 mx.example.com closing connection. Have a wonderful day.\n',
    )
  })
})
