import { describe, expect, test } from 'vitest'
import { changeEnvelope, changeHeaders, isHeaderChange } from '../src/message/change.ts'
import type { Envelope, Recipient } from '../src/message/envelope.ts'
import { bodyOf } from '../src/message/body.ts'
import { Headers } from '../src/message/headers.ts'
import { type Address, parseMailbox } from '../src/smtp/address.ts'
import { noParameters } from '../src/smtp/parameters.ts'

function address(text: string): Address {
  const parsed = parseMailbox(text)
  if (parsed === undefined) throw new Error(`no mailbox: ${text}`)
  return parsed
}

const notify = new Map([['NOTIFY', 'NEVER']])
const recipient = (text: string, parameters = noParameters): Recipient => ({
  address: address(text),
  parameters,
})

const envelope: Envelope = {
  sender: address('from@a.example'),
  parameters: new Map([['SIZE', '1']]),
  recipients: [recipient('ann@b.example', notify), recipient('bob@b.example')],
}
const textsOf = ({ recipients }: Envelope): readonly string[] =>
  recipients.map((one) => one.address.text)

describe('an envelope with one change made', () => {
  test('another sender comes with its own parameters', () => {
    const parameters = new Map([['BODY', '8BITMIME']])
    const changed = changeEnvelope(envelope, { change: 'sender', sender: null, parameters })
    expect(changed).toEqual({ ...envelope, sender: null, parameters })
  })

  test('a recipient is added behind the others', () => {
    const added = recipient('eve@b.example', notify)
    const changed = changeEnvelope(envelope, { change: 'addRecipient', recipient: added })
    expect(changed.recipients).toEqual([...envelope.recipients, added])
  })

  test('a recipient is removed, and no other', () => {
    const removed = address('ann@b.example')
    const changed = changeEnvelope(envelope, { change: 'removeRecipient', address: removed })
    expect(textsOf(changed)).toEqual(['bob@b.example'])
  })

  test('the last recipient may be removed', () => {
    const one = { ...envelope, recipients: [recipient('ann@b.example')] }
    const removed = address('ann@b.example')
    expect(changeEnvelope(one, { change: 'removeRecipient', address: removed }).recipients).toEqual(
      [],
    )
  })

  test('a recipient named twice is removed twice', () => {
    const twice = { ...envelope, recipients: [...envelope.recipients, ...envelope.recipients] }
    const removed = address('bob@b.example')
    const changed = changeEnvelope(twice, { change: 'removeRecipient', address: removed })
    expect(textsOf(changed)).toEqual(['ann@b.example', 'ann@b.example'])
  })

  test('RFC 5321 §2.4: recipients are told apart by every letter', () => {
    const other = address('Ann@b.example')
    const changed = changeEnvelope(envelope, { change: 'removeRecipient', address: other })
    expect(textsOf(changed)).toEqual(textsOf(envelope))
  })

  test('a recipient is replaced in its place, with its parameters', () => {
    const by = recipient('eve@c.example')
    const changed = changeEnvelope(envelope, {
      change: 'replaceRecipient',
      address: address('ann@b.example'),
      by,
    })
    expect(changed.recipients).toEqual([by, envelope.recipients[1]])
  })

  test('a recipient who is not there is not replaced', () => {
    const changed = changeEnvelope(envelope, {
      change: 'replaceRecipient',
      address: address('nobody@b.example'),
      by: recipient('eve@c.example'),
    })
    expect(changed).toEqual(envelope)
  })

  test('the envelope before stays what it was', () => {
    const copy = structuredClone(envelope)
    const by = recipient('eve@c.example')
    for (const { address: one } of envelope.recipients) {
      changeEnvelope(envelope, { change: 'removeRecipient', address: one })
      changeEnvelope(envelope, { change: 'replaceRecipient', address: one, by })
      changeEnvelope(envelope, { change: 'addRecipient', recipient: by })
    }
    expect(envelope).toEqual(copy)
  })
})

const headers = new Headers('A: 1\r\nB: 2\r\n')

describe('a header section with one change made', () => {
  test.each([
    [
      'prependHeader',
      { change: 'prependHeader', name: 'B', value: '3' },
      'B: 3\r\nA: 1\r\nB: 2\r\n',
    ],
    ['replaceHeader', { change: 'replaceHeader', name: 'b', value: '3' }, 'A: 1\r\nb: 3\r\n'],
    ['removeHeader', { change: 'removeHeader', name: 'a' }, 'B: 2\r\n'],
  ] as const)('%s', (_rule, change, section) => {
    expect(changeHeaders(headers, change).section).toBe(section)
    expect(isHeaderChange(change)).toBe(true)
  })

  test('a value that would not stay one field throws', () => {
    const value = 'a\r\nBcc: b'
    for (const change of ['prependHeader', 'replaceHeader'] as const)
      expect(() => changeHeaders(headers, { change, name: 'X', value })).toThrow(RangeError)
  })

  test('other changes are none of the header section', () => {
    const others = [
      { change: 'body', body: bodyOf() },
      { change: 'authResult', result: 'spf=pass' },
      { change: 'sender', sender: null, parameters: noParameters },
      { change: 'addRecipient', recipient: recipient('a@b') },
    ] as const
    expect(others.map(isHeaderChange)).toEqual([false, false, false, false])
  })
})
