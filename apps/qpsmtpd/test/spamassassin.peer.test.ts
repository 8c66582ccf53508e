import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CastMember, mailbox, type Scene, setStage } from '@qpsmtpd/core/testing'
import checkRelay from '@qpsmtpd/plugin-check-relay'
import { describe, expect, test } from 'vitest'
import { LineClient } from './line-client.ts'
import { findPeer, runPeer } from './peers.ts'
import { Program, testTime } from './program.ts'
import { Sandbox } from './sandbox.ts'

const spamassassin = findPeer('spamassassin', 'spamassassin')

/** What SpamAssassin reads of a Received field: `ip=192.0.2.7 rdns=… helo=… by=…`. */
async function relayIn(box: Sandbox, mail: string): Promise<string | undefined> {
  const path = join(box.path, 'mail.txt')
  writeFileSync(path, mail, 'latin1')
  const said = await runPeer(
    spamassassin.path,
    ['--local', '--test-mode', '--debug=received-header', path],
    { env: { HOME: box.path } },
  )
  return /received-header: parsed as \[ (.*?) ident=/.exec(said)?.[1]
}

/** What a client that comes from somewhere has its mail marked with. */
async function markedFor(client: Scene['client'], hello: string): Promise<string> {
  const { plugin, mails } = mailbox()
  const plugins: readonly CastMember[] = [checkRelay, plugin]
  const stage = await setStage({ plugins, ...(client && { client }) })
  const lines = [hello, 'MAIL FROM:<ann@example.org>', 'RCPT TO:<postmaster>', 'DATA']
  stage.wire.send(Buffer.from(`${lines.join('\r\n')}\r\n`))
  stage.wire.send(Buffer.from('Subject: x\r\n\r\nhello\r\n.\r\nQUIT\r\n'))
  await stage.over
  return mails[0]?.content ?? ''
}

describe.skipIf(spamassassin.path === undefined)(
  `SpamAssassin reads our Received field${spamassassin.notice}`,
  testTime,
  () => {
    test('of a mail that has come over TCP', async () => {
      await using program = await Program.listening()
      using client = await LineClient.greeted(program.port)
      await client.mail()
      const [mail = ''] = program.box.mails
      expect(await relayIn(program.box, mail)).toBe(
        'ip=127.0.0.1 rdns= helo=client.example.org by=mx.example.com',
      )
    })

    test.each([
      [
        'an IPv4 client with a name',
        { address: '192.0.2.7', host: 'relay.example.net' },
        'EHLO helo.example.org',
        'ip=192.0.2.7 rdns=relay.example.net helo=helo.example.org by=mx.example.com',
      ],
      [
        'an IPv4 client without a name',
        { address: '192.0.2.7', host: undefined },
        'HELO helo.example.org',
        'ip=192.0.2.7 rdns= helo=helo.example.org by=mx.example.com',
      ],
      [
        'an IPv6 client with a name',
        { address: '2001:db8::7', host: 'relay.example.net' },
        'EHLO helo.example.org',
        'ip=2001:db8::7 rdns=relay.example.net helo=helo.example.org by=mx.example.com',
      ],
      [
        'an IPv6 client without a name',
        { address: '2001:db8::7', host: undefined },
        'EHLO helo.example.org',
        'ip=2001:db8::7 rdns= helo=helo.example.org by=mx.example.com',
      ],
    ])('of %s', async (_what, client, hello, relay) => {
      using box = new Sandbox()
      expect(await relayIn(box, await markedFor(client, hello))).toBe(relay)
    })

    test('of a client that says its address: the address and our name at least', async () => {
      using box = new Sandbox()
      const client = { address: '192.0.2.7', host: 'relay.example.net' }
      // SpamAssassin 4.0.1 takes "(HELO [192.0.2.7])" for another server's form, as it does with qpsmtpd's own field.
      const relay = await relayIn(box, await markedFor(client, 'EHLO [192.0.2.7]'))
      expect(relay).toMatch(/^ip=192\.0\.2\.7 .* by=mx\.example\.com$/)
    })
  },
)
