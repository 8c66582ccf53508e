import { replay } from '@qpsmtpd/core'
import { mailbox, perform, plugin } from '@qpsmtpd/core/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { readRecordingLine, recordingLine } from '../src/session/recording-line.ts'
import { Headers } from '../src/message/headers.ts'

let recording: readonly string[] = []

beforeAll(async () => {
  const changing = plugin('changing', {
    rcpt({ transaction }, recipient) {
      transaction.replaceRecipient(recipient, { ...recipient, text: 'bob@example.com' })
      transaction.prependHeader('X-Seen', 'yes')
      return { verdict: 'ok' }
    },
  })
  const [played] = await perform(
    { plugins: [changing, mailbox().plugin] },
    `
    S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.
    C: HELO client.example.org
    S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.
    C: MAIL FROM:<ann@example.org>
    S: 250 2.1.0 <ann@example.org>, sender OK - how exciting to get mail from you!
    C: RCPT TO:<carol@example.com>
    S: 250 2.1.5 <carol@example.com>, recipient ok
    C: DATA
    S: 354 go ahead
    C: Subject: hello
    C:
    C: text
    C: .
    S: 250 2.0.0 Queued (t-1.1)
    C: QUIT
    S: 221 2.0.0 mx.example.com closing connection. Have a wonderful day.
    `,
    { plays: ['by line'] },
  )
  recording = played!.stage.recording
})

describe('a recording', () => {
  test('brings out the same effects without a plugin or a server', () => {
    expect(replay(recording)).toEqual({ steps: recording.length, difference: undefined })
  })

  test('holds what plugins changed: the recipient and the header', () => {
    const queue = recording.find((line) => line.includes('"hook":"queue"'))
    expect(queue).toContain('"text":"bob@example.com"')
    expect(queue).toContain('X-Seen: yes')
  })

  test('of another engine: the first effect that differs is named with its line', () => {
    const at = recording.findIndex((line) => line.includes('go ahead'))
    const other = recording.with(at, recording[at]!.replace('go ahead', 'go on'))
    const { steps, difference } = replay(other)
    expect([steps, difference?.line]).toEqual([at + 1, at + 1])
    expect(difference?.recorded).toContain('go on')
    expect(difference?.now).toContain('go ahead')
  })

  test.each([
    ['nothing', [], 'line 1: '],
    ['no JSON', ['{'], 'line 1: '],
    ['JSON of another kind', ['{"a":1}'], 'line 1: no step of a recording'],
    ['a recording without its beginning', ['{"out":null}'], 'line 1: a recording begins with'],
  ])('is not %s', (_what, lines, message) => {
    expect(() => replay(lines)).toThrow(message)
  })

  test('that breaks off in a line says which', () => {
    const broken = [...recording.slice(0, 5), recording[5]!.slice(0, 10)]
    expect(() => replay(broken)).toThrow('line 6: ')
  })

  test('that breaks off between two lines is played as far as it goes', () => {
    expect(replay(recording.slice(0, 9)).difference).toBeUndefined()
  })
})

test.each([
  ['a map', new Map([['A', '1']])],
  ['a set', new Set(['A'])],
  ['octets', new Uint8Array([0, 255, 13, 10])],
  ['no number of JSON', Infinity],
  ['a map in a list in an object', { a: [new Map([[1, new Set([2])]])] }],
])('%s comes back from a line of a recording as it was', (_what, value) => {
  expect(readRecordingLine(recordingLine({ value }))).toEqual({
    value: value instanceof Uint8Array ? Buffer.from(value) : value,
  })
})

test('a header section comes back octet for octet', () => {
  const headers = new Headers('A: \xe9\r\n b\r\n')
  const { value } = readRecordingLine(recordingLine({ value: headers })) as { value: Headers }
  expect(value.section).toBe(headers.section)
})
