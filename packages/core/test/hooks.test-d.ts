// Wrong answers do not compile. Checked by the compiler alone: nothing here is run.
import {
  type Address,
  declined,
  deny,
  denySoft,
  discard,
  disconnect,
  done,
  type Handlers,
  type Headers,
  lift,
  noteKey,
  ok,
  okText,
  perRecipient,
  type Plugin,
  reply,
} from '@qpsmtpd/core'

const said = reply(250, undefined, 'x')
declare const ann: Address

/** Answers that are right. */
export const right: readonly Handlers[] = [
  { start: () => undefined, stop: async () => {} },
  { connect: () => done() },
  { connect: async (it) => ((await it.delay(1, 'input')) === 'input' ? denySoft() : declined) },
  { helo: () => ok, ehlo: () => disconnect(deny()) },
  { capabilities: () => ({ verdict: 'ok', add: ['X'], allow: { mail: ['RET'] } }) },
  { mailPre: (_context, path) => path, rcptPre: async () => '<a@b>' },
  { mail: (_context, sender) => (sender === null ? ok : deny(sender.text)) },
  { rcpt: [() => declined, async () => done(said)] },
  { data: () => denySoft(), dataHeadersEnd: (_context, headers) => deny(headers.first('Subject')) },
  { body: (_context, chunk) => void chunk.length, dataPostHeaders: async () => {} },
  { receivedLine: (_context, { by }) => okText(by) },
  { dataPost: () => discard('x') },
  { dataPost: () => perRecipient([[ann, ok]]), queue: async () => perRecipient([[ann, deny()]]) },
  { queuePost: (_context, _message, outcome) => void outcome.outcome },
  { vrfy: () => ok, expn: () => done(said), noop: () => deny(), help: () => okText('x') },
  { quit: () => okText('x'), rset: () => {} },
  { unrecognizedCommand: () => done(said), deny: () => lift, ok: () => {}, disconnect: () => {} },
  { event: (_world, event) => void event.event },
]

export const wrong: readonly Handlers[] = [
  // Returning nothing.
  // @ts-expect-error: nothing is not a verdict
  { connect: () => {} },
  // @ts-expect-error: undefined is not a verdict
  { rcpt: () => undefined },
  // @ts-expect-error: a promise of nothing is not a verdict
  { mail: async () => {} },
  // @ts-expect-error: one of two ways out returns nothing
  { data: ({ connection }) => (connection.mayRelay ? ok : undefined) },
  // @ts-expect-error: nothing is not a verdict, in none of several handlers
  { queue: [() => ok, () => {}] },
  // @ts-expect-error: nothing is no path
  { mailPre: () => {} },
  // @ts-expect-error: nothing says nothing of capabilities
  { capabilities: () => {} },

  // Verdicts that the hook does not know.
  // @ts-expect-error: a recipient can't be discarded
  { rcpt: () => discard('x') },
  // @ts-expect-error: lift answers deny, and no other hook
  { rcpt: () => lift },
  // @ts-expect-error: a sender has no answer for each recipient
  { mail: () => perRecipient([]) },
  // @ts-expect-error: a verdict is no path
  { rcptPre: () => ok },
  // @ts-expect-error: what stands between DATA and the message is 354 and nothing else
  { data: () => done(said) },
  // @ts-expect-error: a header section is not accepted: what follows it may be bad
  { dataHeadersEnd: () => ok },
  // @ts-expect-error: our Received line is not refused
  { receivedLine: () => deny() },
  // @ts-expect-error: behind the dot there is one reply, and it is ours
  { dataPost: () => done(said) },
  // @ts-expect-error: what is queued is not discarded
  { queue: () => discard('x') },
  // @ts-expect-error: QUIT is never refused
  { quit: () => deny() },
  // @ts-expect-error: QUIT is answered with 221 and a text
  { quit: () => done(said) },
  // @ts-expect-error: an unknown command is not well known
  { unrecognizedCommand: () => ok },
  // @ts-expect-error: whoever is told of a refusal can't refuse
  { deny: () => deny() },
  // @ts-expect-error: capabilities are not refused
  { capabilities: () => deny() },
  // @ts-expect-error: 900 was a verdict once
  { rcpt: () => 900 },
  // @ts-expect-error: nor are names verdicts
  { rcpt: () => 'ok' },

  // Hooks that have no answer.
  // @ts-expect-error: nobody is listening any more
  { disconnect: () => deny() },
  // @ts-expect-error: RSET is never refused
  { rset: () => deny() },
  // @ts-expect-error: the reply has been said
  { queuePost: () => denySoft() },
  // @ts-expect-error: a transaction that is over can't be refused
  { resetTransaction: () => ok },
  // @ts-expect-error: ok is told, not asked
  { ok: () => declined },
  // @ts-expect-error: events are told and not waited for
  { event: async () => {} },

  // Arguments that are not what they seem.
  // @ts-expect-error: the sender may be null
  { mail: (_context, sender) => (sender.domain === 'x' ? deny() : ok) },
  // @ts-expect-error: the domain may be missing
  { rcpt: (_context, { domain }) => (domain.endsWith('x') ? ok : declined) },
  // @ts-expect-error: a header may be missing
  { dataHeadersEnd: (_context, headers: Headers) => deny(headers.first('Subject').trim()) },
  // @ts-expect-error: there is no transaction yet
  { connect: ({ transaction }) => (transaction === undefined ? ok : declined) },
  // @ts-expect-error: nor in HELO
  { helo: ({ transaction }) => (transaction === undefined ? ok : declined) },
  // @ts-expect-error: there is no such hook
  { dataPosted: () => ok },
]

/** What is given is not edited in place. */
export const edits: Handlers = {
  mail: ({ connection, transaction }) => {
    // @ts-expect-error: a client is not made a relay in passing
    connection.mayRelay = true
    // @ts-expect-error: a sender is changed by changeSender, so that it is logged
    transaction.sender = null
    return ok
  },
  data: ({ transaction }) => {
    // @ts-expect-error: recipients are changed by methods, so that it is logged
    transaction.recipients.pop()
    return ok
  },
  dataPost: (_context, message) => {
    // @ts-expect-error: headers are changed by methods of the transaction
    message.headers = message.headers.remove('X')
    return ok
  },
}

const count = noteKey<number>('test.count')
export const notes: Handlers = {
  noop: ({ connection }) => {
    // @ts-expect-error: a note may be missing
    const missing: number = connection.notes.get(count)
    // @ts-expect-error: a note has the type of its key
    connection.notes.set(count, 'one')
    return missing > 0 ? ok : declined
  },
}

export const wordless: Plugin = { name: 'wordless', setup: () => ({}) }

// @ts-expect-error: a plugin with options says how it reads them
export const speechless: Plugin<string> = { name: 'speechless', setup: () => ({}) }

// @ts-expect-error: setup returns the handlers
export const useless: Plugin = { name: 'useless', options: (words) => words.end(), setup: () => {} }

// @ts-expect-error: the code stands behind the text
export const numbered = deny(550)

// @ts-expect-error: disconnect goes with a refusal
export const leaving = disconnect(ok)
