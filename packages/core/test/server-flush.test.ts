import { declined, okText } from '@qpsmtpd/core'
import { FakeWire, plugin, setStage } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'
import { outputAhead } from '../src/smtp/limits.ts'

/** A wire that tells what is sent in one piece, and can be kept from sending. */
class CountingWire extends FakeWire {
  readonly sent: string[] = []
  stuck: PromiseWithResolvers<void> | undefined

  override flush(): Promise<void> | undefined {
    void super.flush()
    const piece = this.takeOutput()
    if (piece !== '') this.sent.push(piece)
    return piece === '' ? undefined : this.stuck?.promise
  }

  /** The codes of the replies in each piece. */
  get codes(): readonly string[] {
    return this.sent.map((piece) => (piece.match(/^\d{3}(?= )/gm) ?? []).join(' '))
  }
}

const vouch = plugin('vouch', { rcpt: () => ({ verdict: 'ok' }), queue: () => ({ verdict: 'ok' }) })

async function sentFor(lines: readonly string[]): Promise<readonly string[]> {
  const stage = await setStage({ plugins: [vouch] })
  const wire = new CountingWire()
  const over = stage.server.accept(wire)
  wire.send(Buffer.from(lines.map((line) => `${line}\r\n`).join('')))
  wire.sendEnd()
  await over
  return wire.codes
}

describe('RFC 2920 §3.2: replies are sent together up to the command that ends a group', () => {
  test('MAIL, RCPT and DATA in one packet are answered in one', async () => {
    const codes = await sentFor([
      'EHLO a',
      'MAIL FROM:<>',
      'RCPT TO:<a@b>',
      'RCPT TO:<c@d>',
      'DATA',
    ])
    expect(codes).toEqual(['220', '250', '250 250 250 354', '451'])
  })

  test.each(['NOOP', 'VRFY a', 'EXPN a', 'EHLO b', 'QUIT', 'FROBNICATE'])(
    '%s ends a group',
    async (last) => {
      const [, hello, group, ...rest] = await sentFor(['EHLO a', 'RSET', last, 'RSET'])
      expect(hello).toBe('250')
      expect(group?.startsWith('250 ')).toBe(true)
      expect(rest).toEqual(last === 'QUIT' ? [] : ['250'])
    },
  )

  test('the reply to a message goes with those to the envelope behind it', async () => {
    const mail = ['MAIL FROM:<>', 'RCPT TO:<a@b>', 'DATA']
    const codes = await sentFor(['EHLO a', ...mail, 'Subject: x', '.', ...mail, '.', 'QUIT'])
    expect(codes).toEqual(['220', '250', '250 250 354', '250 250 250 354', '250 221'])
  })
})

test('nothing that was said waits while a plugin thinks', async () => {
  const thinking = Promise.withResolvers<void>()
  const slow = plugin('slow', {
    async rcpt() {
      await thinking.promise
      return declined
    },
  })
  const stage = await setStage({ plugins: [slow] })
  const wire = new CountingWire()
  const over = stage.server.accept(wire)
  wire.send(Buffer.from('EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\nQUIT\r\n'))
  await stage.clock.advance(0)
  expect(wire.codes).toEqual(['220', '250', '250'])
  thinking.resolve()
  await over
  expect(wire.codes.at(-1)).toBe('450 221')
})

test('replies are not joined without end', async () => {
  const text = 'x'.repeat(400)
  const talks = plugin('talks', { help: () => okText(text) })
  const stage = await setStage({ plugins: [talks] })
  const wire = new CountingWire()
  const over = stage.server.accept(wire)
  wire.send(Buffer.from(`HELO a\r\n${'HELP\r\n'.repeat(1_000)}`))
  wire.sendEnd()
  await over
  expect(Math.max(...wire.sent.map(({ length }) => length))).toBeLessThan(outputAhead + 1_000)
})

test('a drain is seen by a session whose client was not reading', async () => {
  const stage = await setStage()
  const wire = new CountingWire()
  wire.stuck = Promise.withResolvers()
  const over = stage.server.accept(wire)
  await stage.clock.advance(0)
  expect(wire.codes).toEqual(['220'])
  const drained = stage.server.drain()
  wire.stuck.resolve()
  await over
  await drained
  expect(wire.codes).toEqual(['220', '421'])
})

test('a client that does not read is cut off when its time is up', async () => {
  const stage = await setStage()
  const wire = new CountingWire()
  wire.stuck = Promise.withResolvers()
  const destroyed = Promise.withResolvers<void>()
  wire.destroy = () => {
    wire.breakOff()
    wire.stuck?.resolve()
    destroyed.resolve()
  }
  const over = stage.server.accept(wire)
  await stage.clock.advance(299_000)
  // Besides the one that the stage begins with.
  expect(stage.server.sessions).toBe(2)
  await stage.clock.advance(2_000)
  await destroyed.promise
  await over
  expect(stage.server.sessions).toBe(1)
})
