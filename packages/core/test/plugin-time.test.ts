import { type Answer, deny, ok, type Outcome, type Plugin } from '@qpsmtpd/core'
import { dialogue, perform, mailbox, plugin } from '@qpsmtpd/core/testing'
import { describe, expect, test } from 'vitest'

const dot = `
  S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.
  C: HELO client.example.org
  S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.
  C: MAIL FROM:<>
  S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!
  C: RCPT TO:<ann@example.com>
  S: 250 2.1.5 <ann@example.com>, recipient ok
  C: DATA
  S: 354 go ahead
  C: Subject: x
  C:
  C: text
  C: .`
const yes = plugin('yes', { rcpt: () => ok })

const slow = (seconds: number, verdict: Answer<'queue'>, written: string[] = []): Plugin => ({
  name: 'slow',
  options: (words) => words.end(),
  setup: (_options, world) => {
    const start = world.now()
    return {
      queue: ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () =>
            written.push(`signal at ${(world.now() - start) / 1_000} s`),
          )
          world.after(seconds * 1_000, () => resolve(verdict))
        }),
    }
  },
})

describe('the time of queue', () => {
  test('a message that is queued in the grace behind its time is said to be queued, once', async () => {
    const written: string[] = []
    const box = mailbox()
    await dialogue(
      { plugins: [yes, [slow(20, ok, written), 'timeout 10'], box.plugin] },
      `
      ${dot}
      X: wait 10
      X: wait 10
      S: 250 2.0.0 Queued (t-1.1)
    `,
      { plays: ['by line'] },
    )
    expect(written).toEqual(['signal at 10 s'])
    expect(box.mails).toEqual([])
  })

  test('a refusal in the grace is said', () =>
    dialogue(
      { plugins: [yes, [slow(20, deny('Full')), 'timeout 10']] },
      `${dot}\nX: wait 20\nS: 554 5.7.1 Full`,
    ))

  test('an answer behind the grace is not heard', async () => {
    const told: Outcome[] = []
    const spy = plugin('spy', {
      queuePost: (_context, _message, outcome) => void told.push(outcome),
    })
    const [played] = await perform(
      { plugins: [spy, yes, [slow(80, ok), 'timeout 10']] },
      `
      ${dot}
      X: wait 70
      S: 451 4.3.0 Internal error - try again later
      X: wait 20
      C: NOOP
      S: 250 2.0.0 OK
    `,
      { plays: ['by line'] },
    )
    expect(told).toEqual([{ outcome: 'refused', code: 451 }])
    expect(played!.records).toContainEqual(
      expect.objectContaining({ plugin: 'slow', text: 'queue failed: no answer within 10 s' }),
    )
  })

  test('the body is there until the handler has settled', async () => {
    const read: string[] = []
    const gate = Promise.withResolvers<void>()
    const late = plugin('late', {
      queue: async (_context, { body }) => {
        await gate.promise
        for await (const chunk of body.read()) read.push(Buffer.from(chunk).toString())
        return ok
      },
    })
    const [played] = await perform(
      { plugins: [yes, [late, 'timeout 10']] },
      `
      ${dot}
      X: wait 70
      S: 451 4.3.0 Internal error - try again later
      C: RSET
      S: 250 2.0.0 OK
    `,
      { plays: ['by line'] },
    )
    gate.resolve()
    await played!.stage.clock.advance(0)
    expect(read.join('')).toBe('\r\ntext\r\n')
  })
})

const waits = (name: string, seconds: number): Plugin => ({
  name,
  options: (words) => words.end(),
  setup: (_options, world) => ({
    dataPost: () =>
      new Promise((resolve) => {
        world.after(seconds * 1_000, () => resolve({ verdict: 'declined' }))
      }),
  }),
})

describe('the time behind the dot', () => {
  test('all handlers together have 4 minutes, however long each may take', async () => {
    const box = mailbox()
    const [played] = await perform(
      { plugins: [yes, waits('one', 200), waits('two', 200), box.plugin] },
      `
      ${dot}
      X: wait 240
      S: 451 4.3.0 Internal error - try again later
    `,
      { plays: ['by line'] },
    )
    expect(box.mails).toEqual([])
    expect(played!.records).toContainEqual(
      expect.objectContaining({ plugin: 'two', text: 'dataPost failed: no answer within 40 s' }),
    )
  })

  test('an answer that comes late is not heard twice', async () => {
    const late: Plugin = {
      name: 'late',
      options: (words) => words.end(),
      setup: (_options, world) => ({
        noop: () =>
          new Promise((resolve) => {
            world.after(45_000, () => resolve({ verdict: 'ok', text: 'At last' }))
          }),
      }),
    }
    const told: string[] = []
    const spy = plugin('spy', { ok: (_context, { plugin: name }) => void told.push(name) })
    await dialogue(
      { plugins: [late, spy] },
      `
      S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.
      C: NOOP
      X: wait 30
      S: 451 4.3.0 Internal error - try again later
      X: wait 30
      C: RSET
      S: 250 2.0.0 OK
    `,
    )
    expect(told).toEqual([])
  })
})
