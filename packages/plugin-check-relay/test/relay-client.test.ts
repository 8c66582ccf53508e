import { declined, ok, type Plugin } from '@qpsmtpd/core'
import { dialogue, mailbox, plugin, type Scene } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'
import checkRelay from '../src/index.ts'
import { asks, denied, inTransaction, message, taken } from './asks.ts'

const relayClient = (value: string, queue: Plugin): Scene => ({
  config: { rcpthosts: ['example.com'] },
  plugins: [checkRelay, queue],
  particulars: { environment: new Map([['RELAYCLIENT', value]]) },
})

/** What is queued of recipients, for a client with that RELAYCLIENT. */
async function queuedFor(value: string, ...paths: readonly string[]): Promise<readonly string[]> {
  const { plugin: queue, mails } = mailbox()
  const pairs = paths.map((path) => [path, taken(path)] as const)
  await dialogue(relayClient(value, queue), asks(...pairs) + message, { plays: ['by line'] })
  return mails.flatMap(({ recipients }) => recipients)
}

describe('R1: RELAYCLIENT of the connection', () => {
  test('empty: mail for anybody is taken, and goes where it should', async () => {
    expect(await queuedFor('', 'ann@evil.example', 'ann', 'ann@example.com')).toEqual([
      'ann@evil.example',
      'ann',
      'ann@example.com',
    ])
  })

  test.each([
    [
      'a host under another',
      '.relay.example',
      'ann@evil.example',
      'ann@evil.example.relay.example',
    ],
    ['also behind a host of ours', '.x.example', 'ann@example.com', 'ann@example.com.x.example'],
    ['a host for a bare user', '@relay.example', 'ann', 'ann@relay.example'],
    ['a second @, as in the qmail FAQ', '@fixup', 'ann@evil.example', '"ann@evil.example"@fixup'],
    ['a second @ behind more', '.x@fixup', 'ann@evil.example', '"ann@evil.example.x"@fixup'],
    ['behind quotes', '@fixup', '"a\\"n\\\\n"@evil.example', '"a\\"n\\\\n@evil.example"@fixup'],
  ])('Q17: its value is put behind the recipient: %s', async (_title, value, path, queued) => {
    expect(await queuedFor(value, path)).toEqual([queued])
  })

  test('Q17: behind each, also behind one that is named twice', async () => {
    expect(await queuedFor('.x', 'ann@a.example', 'bob@b.example', 'ann@a.example')).toEqual([
      'ann@a.example.x',
      'bob@b.example.x',
      'ann@a.example.x',
    ])
  })

  test.each([
    ['a literal with something behind it', '.x', 'ann@[192.0.2.1]'],
    ['a value that can stand in no address', ' x', 'ann@evil.example'],
    ['a bare user in quotes with a host behind, but no @', '.x', '"ann b"'],
  ])('Q17: what makes no address is refused, never sent elsewhere: %s', async (_t, value, path) => {
    const { plugin: queue } = mailbox()
    await dialogue(
      relayClient(value, queue),
      asks([path, 'S: 550 5.7.1 this recipient can not be relayed']),
    )
  })

  test('Q17: parameters of the recipient stay with it', async () => {
    const parameters: (readonly [string, string])[] = []
    const extension = plugin('extension', {
      capabilities: () => ({ verdict: 'ok', allow: { rcpt: ['NOTIFY'] } }),
      queue({ transaction }) {
        parameters.push(...transaction.recipients.flatMap((one) => [...one.parameters]))
        return ok
      },
    })
    await dialogue(
      relayClient('.x', extension),
      `${inTransaction()}
      C: RCPT TO:<ann@evil.example> NOTIFY=NEVER
      ${taken('ann@evil.example')}
      ${message}`,
      { plays: ['by line'] },
    )
    expect(parameters).toEqual([['NOTIFY', 'NEVER']])
  })

  test('other variables of the connection grant nothing', async () => {
    await dialogue(
      {
        plugins: [checkRelay],
        particulars: {
          environment: new Map([
            ['relayclient', ''],
            ['DATABYTES', '0'],
          ]),
        },
      },
      asks(['ann@evil.example', denied]),
    )
  })
})

describe('a client that another plugin lets relay', () => {
  const granting = plugin('granting', {
    helo(context, name) {
      if (name === 'client.example.org') context.grantRelay()
      return declined
    },
  })

  test('may send to anybody, and nothing is put behind the recipient', async () => {
    const { plugin: queue, mails } = mailbox()
    await dialogue(
      { plugins: [granting, checkRelay, queue] },
      asks(['ann@evil.example', taken('ann@evil.example')], ['ann', taken('ann')]) + message,
      { plays: ['by line'] },
    )
    expect(mails.map(({ recipients }) => recipients)).toEqual([['ann@evil.example', 'ann']])
  })

  test('another client may not', async () => {
    const nobody = plugin('granting', { helo: () => declined })
    await dialogue({ plugins: [nobody, checkRelay] }, asks(['ann@evil.example', denied]))
  })
})
