import { type Answered, nobodyAnswers } from '../hooks/answered.ts'
import type { DisconnectReason } from '../hooks/hooks.ts'
import { hookRows } from '../hooks/rows.ts'
import type { Refusal } from '../hooks/verdict.ts'
import { parseCommandLine } from '../smtp/command-line.ts'
import { refusedTime } from '../smtp/limits.ts'
import { type Line, LineBuffer, type LineFault } from '../smtp/line-buffer.ts'
import type { Reply } from '../smtp/reply.ts'
import type { Turn } from './command.ts'
import { commands } from './commands/index.ts'
import { unrecognized } from './commands/unrecognized.ts'
import type { Effect, Opened } from './effect.ts'
import { greet } from './greet.ts'
import type { Phase, PhaseAt } from './phase.ts'
import { readData } from './read-data.ts'
import * as replies from './replies.ts'
import type { Peer, Settings } from './settings.ts'
import { ask, endTransaction, fault, say, sayAndClose, type Step } from './step.ts'

type Waiting =
  | { readonly for: 'answer'; readonly next: (answered: Answered) => Step }
  | { readonly for: 'room'; readonly next: (opened: Opened) => Step }

/**
 * One SMTP session, without a socket, a clock or a promise: octets, answers and what happened to the client go
 * in, effects come out. RFC 5321 §3. Whoever drives it calls `next` until it is undefined, does each effect in
 * turn, and goes on when there is something to put in.
 */
export class Session {
  readonly #settings: Settings
  readonly #peer: Peer
  readonly #lines = new LineBuffer()
  #phase: Phase = { at: 'connected' }
  readonly #effects: Effect[] = []
  /** Those before this one were given out. */
  #nextEffect = 0
  #waiting: Waiting | undefined
  /** Set when the session ends as soon as what is under way is done. */
  #ending: DisconnectReason | undefined
  /** True once the client sends nothing more. */
  #ended = false
  #draining = false
  /** True while the reply of the command at hand may not wait. RFC 2920 §3.2. */
  #flushes = true
  #errors = 0
  #transactions = 0

  constructor(settings: Settings, peer: Peer) {
    this.#settings = settings
    this.#peer = peer
  }

  /** Milliseconds to wait for the client, where nothing else is to be waited for. */
  get patience(): number {
    return this.#phase.at === 'refused'
      ? Math.min(refusedTime, this.#settings.timeout)
      : this.#settings.timeout
  }

  /** True where what the client says does not prolong the time it is given. */
  get isRefused(): boolean {
    return this.#phase.at === 'refused'
  }

  /** Octets that came and were not read yet. */
  get inputWaiting(): number {
    return this.#lines.length
  }

  /** Octets from the client. They are kept by reference. */
  receive(octets: Uint8Array): void {
    if (!this.#ended) this.#lines.push(octets)
  }

  /** The client sends nothing more, but may still listen. */
  eof(): void {
    this.#ended = true
  }

  /** The client is gone. What it has not been told of is not queued any more: it will come again. */
  reset(): void {
    this.#ended = true
    this.#ending = 'reset'
    this.#lines.clear()
  }

  /** The client has been waited for as long as `patience` says. */
  timedOut(): void {
    this.#end(replies.idleTooLong, 'timeout')
  }

  /** The server stops: a message that is on its way is still taken, then the session ends. */
  drain(): void {
    this.#draining = true
  }

  /** The body can't be stored: what still comes of it is thrown away, and its client told at the dot. */
  spoolFailed(): void {
    if (this.#phase.at === 'data') this.#phase.reception.discard('noSpool')
  }

  /** A plugin could not take the body: what still comes of it is thrown away, and its client told at the dot. */
  bodyRefused(verdict: Refusal): void {
    if (this.#phase.at === 'data')
      this.#phase.reception.refuse(replies.refusal(verdict, replies.refusals.data))
  }

  /** What came of the question asked last. */
  answer(answered: Answered): void {
    const waiting = this.#waiting
    if (waiting?.for !== 'answer') throw new Error('an answer that nobody waits for')
    this.#waiting = undefined
    const { result } = answered
    if (
      typeof result === 'object' &&
      'verdict' in result &&
      result.verdict === 'deny' &&
      result.disconnect
    )
      this.#ending ??= 'refused'
    this.#perform(waiting.next(answered))
  }

  /** There is room for the body asked for last, or there is none. */
  opened(opened: Opened): void {
    const waiting = this.#waiting
    if (waiting?.for !== 'room') throw new Error('room that nobody waits for')
    this.#waiting = undefined
    this.#perform(waiting.next(opened))
  }

  /** The next effect; undefined while more octets, or an answer, are needed, and for ever after `close`. */
  next(): Effect | undefined {
    for (;;) {
      if (this.#nextEffect < this.#effects.length) return this.#effects[this.#nextEffect++]
      this.#effects.length = 0
      this.#nextEffect = 0
      if (this.#waiting !== undefined || this.#phase.at === 'closed') return undefined
      const step = this.#advance()
      if (step === undefined) return undefined
      this.#perform(step)
    }
  }

  /** What is to be done now that nothing is waited for. */
  #advance(): Step | undefined {
    const phase = this.#phase
    if (this.#ending !== undefined) return this.#close(this.#ending)
    if (phase.at === 'connected') return greet(this.#settings)
    if (phase.at === 'data') return this.#data(phase)
    if (this.#draining) return sayAndClose(replies.draining, 'drain')
    const line = this.#lines.next()
    if (line !== undefined) return this.#line(line)
    return this.#ended ? this.#close('gone') : undefined
  }

  /** In this order a line is judged: whole? known? in sequence? Then the command looks at its argument. */
  #line(line: Line): Step {
    this.#flushes = true
    if ('fault' in line) {
      if (line.fault === 'endless') return sayAndClose(replies.endlessLine, 'errors')
      return fault(lineFaults[line.fault])
    }
    const { text } = line
    if (this.#settings.reportsLines) this.#effects.push({ do: 'report', line: text })
    const { verb, rest } = parseCommandLine(text)
    const { at } = this.#phase
    const command = commands.get(verb)
    if (at === 'refused' && verb !== 'QUIT') return fault(replies.refusedSession)
    if (command === undefined) return unrecognized(verb.toLowerCase(), rest)
    if (!command.legalIn.includes(at)) return fault(command.elsewhere(at))
    this.#flushes = command.endsGroup
    return command.start(this.#turn(), rest)
  }

  #turn(): Turn {
    return { phase: this.#phase, settings: this.#settings, peer: this.#peer, newId: this.#newId }
  }

  readonly #newId = (): string => {
    this.#transactions += 1
    return `${this.#peer.session}.${this.#transactions}`
  }

  #data(phase: PhaseAt<'data'>): Step | undefined {
    this.#flushes = false
    const step = readData({ ...this.#turn(), phase }, this.#lines)
    if (step !== undefined || !this.#ended) return step
    return sayAndClose(replies.incompleteData, 'gone')
  }

  #end(reply: Reply, reason: DisconnectReason): void {
    if (this.#phase.at === 'closed' || this.#ending !== undefined) return
    this.#effects.push({ do: 'reply', reply, flush: true })
    this.#ending = reason
  }

  /** A transaction ends before its connection does, and plugins hear of both once. */
  #close(reason: DisconnectReason): Step {
    const phase = this.#phase
    this.#phase = { at: 'closed' }
    const disconnect = (): Step =>
      ask('disconnect', [reason], {}, () => {
        this.#effects.push({ do: 'close', reason })
        return say(undefined)
      })
    const { transaction } = 'transaction' in phase ? phase : { transaction: undefined }
    return transaction === undefined
      ? disconnect()
      : endTransaction(transaction, 'disconnect', disconnect)
  }

  #perform(first: Step): void {
    let step: Step | undefined = first
    while (step !== undefined) {
      switch (step.step) {
        case 'say':
          step = this.#say(step)
          break
        case 'store':
          if (step.body !== undefined) this.#effects.push({ do: 'body', octets: step.body })
          return
        case 'forget':
          this.#effects.push({ do: 'forget' })
          step = step.next()
          break
        case 'open':
          if (this.#isGone()) return
          this.#waiting = { for: 'room', next: step.next }
          this.#effects.push({ do: 'open', expected: step.expected })
          return
        case 'ask':
          step = this.#ask(step)
          break
      }
    }
  }

  /** The next step where nobody has to be waited for. */
  #ask(step: Extract<Step, { step: 'ask' }>): Step | undefined {
    const { hook, args, transaction, message, next } = step
    const { heard } = this.#settings
    // The log wants to know of every message, and the world of the end.
    const isAsked = heard?.has(hook) !== false || hook === 'queuePost' || hook === 'disconnect'
    if (!isAsked) return next(nobodyAnswers(hook, args))
    // Nobody is left to hear the answer.
    if (this.#isGone() && hookRows[hook].kind === 'first') return undefined
    this.#waiting = { for: 'answer', next }
    const phase = this.#phase
    const hello = step.hello ?? ('hello' in phase ? phase.hello : undefined)
    this.#effects.push({ do: 'ask', question: { hook, args, transaction, message, hello } })
    return undefined
  }

  #isGone(): boolean {
    return this.#ending === 'reset' && this.#phase.at !== 'closed'
  }

  #say(step: Extract<Step, { step: 'say' }>): Step | undefined {
    let { reply } = step
    if (step.isError) {
      this.#errors += 1
      if (this.#errors > this.#settings.maxErrors) {
        reply = replies.tooManyErrors
        this.#ending ??= 'errors'
      }
    }
    if (reply !== undefined) this.#effects.push({ do: 'reply', reply, flush: this.#flushes })
    if (step.phase !== undefined) this.#phase = step.phase
    if (step.close !== undefined) this.#ending ??= step.close
    // Whoever has said it, after a 421 the channel closes. RFC 5321 §3.8.
    if (reply?.code === 421) this.#ending ??= 'refused'
    return step.next?.()
  }
}

const lineFaults: { readonly [F in Exclude<LineFault, 'endless'>]: Reply } = {
  long: replies.lineTooLong,
  stray: replies.strayLineEnd,
  octets: replies.badOctets,
}
