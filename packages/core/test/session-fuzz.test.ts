import { type Body, bodyOf, encodeReply } from '@qpsmtpd/core'
import { expect, test } from 'vitest'
import type { Answered } from '../src/hooks/answered.ts'
import { hookRows } from '../src/hooks/rows.ts'
import type { Effect, Question } from '../src/session/effect.ts'
import { Session } from '../src/session/session.ts'
import type { Peer, Settings } from '../src/session/settings.ts'

const settings: Settings = {
  me: 'mx.example.com',
  smtpgreeting: undefined,
  version: '1.2.3',
  databytes: 300,
  carries: undefined,
  heard: undefined,
  bareNewline: 'reject',
  maxErrors: 8,
  maxRecipients: 3,
  timeout: 1_200_000,
  reportsLines: true,
}
const peer: Peer = {
  session: 'f-1',
  address: '192.0.2.99',
  host: 'client.example.org',
  info: 'client.example.org',
  databytes: undefined,
}

/** Random numbers that are the same in every run: mulberry32. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const fragments = [
  'EHLO client.example.org\r\n',
  'HELO x\r\n',
  'MAIL FROM:<ann@example.org>\r\n',
  'MAIL FROM:<> SIZE=10\r\n',
  'RCPT TO:<bob@example.com>\r\n',
  'RCPT TO:<bob@example.com>\r\n',
  'DATA\r\n',
  'DATA\r\n',
  'Subject: x\r\n',
  '\r\n',
  'text\r\n',
  '.\r\n',
  '\r\n.\r\n',
  '.\n',
  '\n.\n',
  '\r.\r',
  '..\r\n',
  '.',
  '\r',
  '\n',
  'RSET\r\n',
  'NOOP\r\n',
  'QUIT\r\n',
  'VRFY x\r\n',
  'EXPN x\r\n',
  'HELP\r\n',
  'AUTH PLAIN\r\n',
  '__proto__ x\r\n',
  'MAIL FROM:',
  'RCPT TO:<',
  'x'.repeat(200),
  'Received: y\r\n'.repeat(40),
]

/** SMTP with anything between: whole sessions now and then, lone fragments, random octets. */
function makeInput(below: (below: number) => number): Buffer {
  const parts: Buffer[] = []
  if (below(2) === 0)
    parts.push(
      Buffer.from(fragments.slice(0, 1).concat(fragments[2]!, fragments[4]!, 'DATA\r\n').join('')),
    )
  for (let left = below(30); left > 0; left--) {
    const kind = below(20)
    if (kind === 0) parts.push(Buffer.from(Array.from({ length: below(8) }, () => below(256))))
    else if (kind === 1 && below(10) === 0) parts.push(Buffer.alloc(3_000 + below(3_000), 0x61))
    else parts.push(Buffer.from(fragments[below(fragments.length)]!))
  }
  return Buffer.concat(parts)
}

function cut(input: Buffer, below: (below: number) => number, most: number): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < input.length;) {
    const size = 1 + below(most)
    // A copy: what the session keeps of a chunk may not change what it reads of another.
    chunks.push(Buffer.from(input.subarray(at, at + size)))
    at += size
  }
  return chunks
}

/** What the host answers where nobody has an opinion; but recipients are taken, and messages queued. */
function answerTo({ hook, args }: Question): Answered {
  const { kind } = hookRows[hook]
  const says = hook === 'rcpt' || hook === 'queue' ? { verdict: 'ok' } : { verdict: 'declined' }
  const result = { first: says, every: undefined, pass: args[0], collect: [] }[kind]
  return {
    result: result as Answered['result'],
    changes: [],
    plugin: undefined,
    failure: undefined,
  }
}

const nowhere: Body = bodyOf()

/** Everything that a session wants done, in words; octets of a body that follow one another are one. */
function effectsOf(chunks: readonly Buffer[]): readonly string[] {
  const session = new Session(settings, peer)
  const effects: string[] = []
  let body = ''
  const drain = (): void => {
    for (let effect = session.next(); effect !== undefined; effect = session.next()) {
      if (effect.do === 'body') {
        body += Buffer.from(effect.octets).toString('latin1')
        continue
      }
      if (body !== '') effects.push(`body ${body}`)
      body = ''
      effects.push(shown(effect))
      if (effect.do === 'ask') session.answer(answerTo(effect.question))
      else if (effect.do === 'open') session.opened({ body: nowhere, at: 0 })
    }
  }
  drain()
  for (const chunk of chunks) {
    session.receive(chunk)
    drain()
  }
  session.eof()
  drain()
  return effects
}

function shown(effect: Exclude<Effect, { do: 'body' }>): string {
  switch (effect.do) {
    case 'reply':
      return `${encodeReply(effect.reply)}${effect.flush}`
    case 'ask':
      return `ask ${effect.question.hook} ${JSON.stringify(effect.question.args, (_key, value: unknown) => (value instanceof Map ? [...value] : value))}`
    case 'report':
      return `report ${effect.line}`
    case 'close':
      return `close ${effect.reason}`
    case 'open':
    case 'forget':
      return effect.do
  }
}

const count = (effects: readonly string[], start: string): number =>
  effects.filter((effect) => effect.startsWith(start)).length

test('whatever comes, cut anyhow, nothing throws and the effects are the same', () => {
  let queued = 0
  for (let seed = 1; seed <= 1_000; seed++) {
    const below = numbers(seed)
    const input = makeInput(below)
    const whole = effectsOf([input])
    for (const most of [1, 2, 7, 100])
      expect(effectsOf(cut(input, below, most)), `seed ${seed}, pieces of at most ${most}`).toEqual(
        whole,
      )
    // Each session ends, and each transaction with it, once.
    expect(whole.at(-1), `seed ${seed}`).toMatch(/^close /)
    expect(count(whole, 'ask disconnect'), `seed ${seed}`).toBe(1)
    expect(count(whole, 'ask resetTransaction'), `seed ${seed}`).toBe(count(whole, 'ask mail '))
    queued += count(whole, 'ask queue ')
  }
  // The input is worth something only if messages come of it now and then.
  expect(queued).toBeGreaterThan(50)
})
