import { type Context, declined, noteKey, ok } from '@qpsmtpd/core'
import { dialogue, mailbox, plugin } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const greeted =
  'S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.'
const hello = `${greeted}
  C: HELO client.example.org
  S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.`
const noop = 'C: NOOP\nS: 250 2.0.0 OK'
const lineByLine = { plays: ['by line'] } as const

describe('what a connection knows', () => {
  test('grantRelay is for as long as the connection lasts, and says who granted it', () => {
    const scene = {
      plugins: [
        plugin('grants', {
          noop: (context) => {
            context.grantRelay()
            return ok
          },
        }),
        plugin('asks', {
          vrfy: ({ connection: { mayRelay, relayGrantedBy } }) => ({
            verdict: 'ok',
            text: `${mayRelay} ${relayGrantedBy}`,
          }),
        }),
      ],
    }
    return dialogue(
      scene,
      `
      ${hello}
      C: VRFY
      S: 250 2.0.0 false undefined
      ${noop}
      C: VRFY
      S: 250 2.0.0 true grants
      C: RSET
      S: 250 2.0.0 OK
      C: VRFY
      S: 250 2.0.0 true grants
    `,
    )
  })

  test('PL5: notes vanish with their transaction; those of the connection stay', () => {
    const key = noteKey<number>('count')
    const count = ({ notes }: { notes: Context['connection']['notes'] }): number => {
      notes.set(key, (notes.get(key) ?? 0) + 1)
      return notes.get(key)!
    }
    const counter = plugin('counter', {
      rcpt: ({ connection, transaction }) => ({
        verdict: 'deny',
        temporary: false,
        disconnect: false,
        text: `${count(connection)} ${count(transaction)}`,
      }),
    })
    const mail = 'C: MAIL FROM:<>\nS: 250 2.1.0 <>, sender OK - how exciting to get mail from you!'
    const rcpt = 'C: RCPT TO:<ann@example.com>'
    return dialogue(
      () => ({ plugins: [counter] }),
      `
      ${hello}
      ${mail}
      ${rcpt}
      S: 550 5.7.1 1 1
      ${rcpt}
      S: 550 5.7.1 2 2
      C: RSET
      S: 250 2.0.0 OK
      ${mail}
      ${rcpt}
      S: 550 5.7.1 3 1
    `,
    )
  })

  test('a plugin that stands in the list twice is asked twice', async () => {
    const asked: number[] = []
    const twin = plugin('twin', {
      noop: () => {
        asked.push(1)
        return declined
      },
    })
    await dialogue({ plugins: [twin, twin, mailbox().plugin] }, `${greeted}\n${noop}`, lineByLine)
    expect(asked).toEqual([1, 1])
  })
})

test('what a context offers may be taken out of it first', async () => {
  const granted: boolean[] = []
  const relayer = plugin('relayer', {
    async connect({ grantRelay, delay, begin, connection }) {
      grantRelay()
      granted.push(connection.mayRelay)
      await begin('nothing', async () => undefined)
      await delay(0)
      return declined
    },
  })
  await dialogue(
    { plugins: [relayer] },
    'X: wait 1\nS: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.',
  )
  expect(granted).toEqual([true, true, true])
})
