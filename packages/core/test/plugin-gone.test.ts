import { declined, ok, type Handlers } from '@qpsmtpd/core'
import { mailbox, perform, plugin } from '@qpsmtpd/core/testing'
import { expect, test } from 'vitest'

const toTheDot = `
  S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.
  C: HELO client.example.org
  S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.
  C: MAIL FROM:<>
  S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!
  C: RCPT TO:<ann@example.com>
  S: 250 2.1.5 <ann@example.com>, recipient ok
  C: DATA
  S: 354 go ahead
  C: Subject: hello
  C: .
  X: reset
  X: wait 60`

/** A client that is gone has not been told anything: it will send the message again. */
test.each<[string, Handlers]>([
  [
    'a filter is at work',
    {
      dataPost: async ({ delay }) => {
        await delay(30_000)
        return ok
      },
    },
  ],
  [
    'a queue plugin is at work that then declines',
    {
      queue: async ({ delay }) => {
        await delay(30_000)
        return declined
      },
    },
  ],
])('a client that goes while %s is not queued for', async (_when, handlers) => {
  const box = mailbox()
  const plugins = [plugin('all', { rcpt: () => ok }), plugin('slow', handlers), box.plugin]
  await perform({ plugins }, toTheDot, { plays: ['by line'] })
  expect(box.mails).toEqual([])
})
