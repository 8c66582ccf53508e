import type { Answered } from '../hooks/answered.ts'
import type { HookName } from '../hooks/hooks.ts'
import type { PluginHost } from '../plugin/host.ts'
import type { Clock } from '../plugin/world.ts'
import type { Effect, Question } from '../session/effect.ts'
import { fault } from '../session/replies.ts'
import type { Session } from '../session/session.ts'
import { afterDotTime, flushTime } from '../smtp/limits.ts'
import { encodeReply } from '../smtp/reply.ts'
import type { Journal } from './journal.ts'
import type { SessionScope } from './session-scope.ts'
import type { SpooledBody } from './spool.ts'
import type { Read, Wire } from './wire.ts'

/** What a driver joins. */
export interface DriverParts {
  readonly session: Session
  readonly scope: SessionScope
  readonly host: PluginHost
  readonly wire: Wire
  readonly clock: Clock
  readonly journal: Journal
}

/** Does what a session wants done, and tells it what comes of it: the only place in the server that waits. */
export class Driver {
  readonly #parts: DriverParts
  /** When what is waited for has taken too long, milliseconds since 1970. */
  #due = Infinity
  #refusedDue: number | undefined
  #waitsFor: 'client' | 'flush' | undefined
  #body: SpooledBody | undefined
  #isReset = false
  #isDisconnectTold = false

  constructor(parts: DriverParts) {
    this.#parts = parts
    const { wire, scope } = parts
    wire.watch({
      input: () => scope.input(),
      reset: () => this.#reset(),
    })
  }

  /** Resolves when the session is over. Rejects only for a fault of ours, with the wire still open. */
  async run(): Promise<void> {
    const { session, wire } = this.#parts
    for (;;) {
      const effect = session.next()
      if (effect === undefined) {
        // Nothing that was said may wait for the client. RFC 2920 §3.2.
        const flushing = this.#flush()
        if (flushing !== undefined) {
          await flushing
          // Something may have happened meanwhile: the session is asked once more.
          continue
        }
        const reading = wire.read()
        if (reading instanceof Promise) {
          this.#wait('client', this.#patienceEnds())
          this.#received(await reading)
        } else this.#received(reading)
      } else if (effect.do === 'close') {
        this.#parts.journal.closed(effect.reason)
        // What was begun for this client is of no use any more.
        this.#parts.scope.abort()
        return this.#isReset ? wire.destroy() : wire.end(effect.reason === 'quit')
      } else {
        const waits = this.#perform(effect)
        if (waits !== undefined) await waits
      }
    }
  }

  /** The session has failed for a fault of ours: its client and its plugins are told, and all that it held goes. */
  async fail(): Promise<void> {
    const { wire, scope, host, journal } = this.#parts
    scope.abort()
    wire.write(encodeReply(fault))
    if (scope.draft !== undefined) await host.ask('resetTransaction', scope, ['disconnect'])
    scope.forget()
    if (!this.#isDisconnectTold) await host.ask('disconnect', scope, ['fault'])
    journal.closed('fault')
    await wire.end(false)
  }

  /** Looks at the time: what has taken too long is ended. @param now milliseconds since 1970. */
  tick(now: number): void {
    if (now < this.#due) return
    this.#due = Infinity
    if (this.#waitsFor === 'flush') return this.#parts.wire.destroy()
    this.#parts.session.timedOut()
    this.#parts.wire.interrupt()
  }

  /** The server stops: the session ends as soon as no message is on its way. */
  drain(): void {
    this.#parts.session.drain()
    if (this.#waitsFor === 'client') this.#parts.wire.interrupt()
  }

  /** The server can't wait any longer. */
  abort(): void {
    this.#parts.scope.abort()
    this.#parts.wire.destroy()
  }

  #reset(): void {
    if (this.#isReset) return
    this.#isReset = true
    this.#parts.session.reset()
    this.#parts.scope.abort()
  }

  /** Milliseconds since 1970. A client that was refused gets no more time by talking. */
  #patienceEnds(): number {
    const { session, clock } = this.#parts
    const due = clock.now() + session.patience
    if (!session.isRefused) return due
    this.#refusedDue ??= due
    return this.#refusedDue
  }

  #received(read: Read): void {
    this.#wait(undefined)
    const { session } = this.#parts
    if (typeof read !== 'string') session.receive(read)
    else if (read === 'eof') session.eof()
    else if (read === 'reset') this.#reset()
  }

  #wait(what: 'client' | 'flush' | undefined, due = Infinity): void {
    this.#waitsFor = what
    this.#due = due
  }

  #flush(): Promise<void> | undefined {
    const flushing = this.#parts.wire.flush()
    return flushing === undefined ? undefined : this.#flushed(flushing)
  }

  async #flushed(flushing: Promise<void>): Promise<void> {
    this.#wait('flush', this.#parts.clock.now() + flushTime)
    await flushing
    this.#wait(undefined)
  }

  /** A promise only where there is something to wait for. */
  #perform(effect: Exclude<Effect, { do: 'close' }>): Promise<void> | undefined {
    const { wire, scope, journal } = this.#parts
    switch (effect.do) {
      case 'reply':
        journal.said(effect.reply)
        return wire.write(encodeReply(effect.reply)) || effect.flush ? this.#flush() : undefined
      case 'report':
        journal.heard(effect.line)
        return undefined
      case 'ask':
        return this.#ask(effect.question)
      case 'open':
        return this.#open(effect.expected)
      case 'body':
        return this.#store(effect.octets)
      case 'forget':
        scope.forget()
        this.#body = undefined
        return undefined
    }
  }

  #ask(question: Question): Promise<void> | undefined {
    const { scope, host, clock, journal } = this.#parts
    const { hook, args, transaction, message, hello } = question
    if (hello !== undefined) scope.connection.hello = hello
    if (transaction !== undefined) {
      scope.enter(transaction, message)
      // All that stands between the dot and its reply has one limit; what comes behind the reply has none.
      if (hook === 'queuePost') scope.deadline = Infinity
      else if (message !== undefined && scope.deadline === Infinity)
        scope.deadline = clock.now() + afterDotTime
    }
    if (hook === 'disconnect') this.#isDisconnectTold = true
    const asked = host.ask<HookName>(hook, scope, args)
    journal.asked(hook, args, transaction)
    if (asked instanceof Promise) return this.#awaitAnswer(question, asked)
    this.#answered(question, asked)
    return undefined
  }

  /** What was said so far is sent before anybody is waited for. */
  async #awaitAnswer(question: Question, asked: Promise<Answered>): Promise<void> {
    const [answered] = await Promise.all([asked, this.#flush()])
    this.#answered(question, answered)
  }

  #answered(question: Question, answered: Answered): void {
    this.#parts.journal.decided(question, answered)
    this.#parts.session.answer(answered)
  }

  #open(expected: number): Promise<void> | undefined {
    const { scope } = this.#parts
    try {
      const body = scope.openBody(expected)
      if (body instanceof Promise) return this.#awaitBody(body)
      this.#opened(body)
    } catch (error) {
      this.#notOpened(error)
    }
    return undefined
  }

  async #awaitBody(opening: Promise<SpooledBody>): Promise<void> {
    try {
      const [body] = await Promise.all([opening, this.#flush()])
      this.#opened(body)
    } catch (error) {
      this.#notOpened(error)
    }
  }

  #opened(body: SpooledBody): void {
    this.#body = body
    this.#parts.session.opened({ body, at: this.#parts.clock.now() })
  }

  #notOpened(error: unknown): void {
    this.#parts.journal.spoolFailed(error)
    this.#parts.session.opened(undefined)
  }

  #store(octets: Uint8Array): Promise<void> | undefined {
    const { host } = this.#parts
    try {
      const storing = this.#body?.write(octets)
      if (storing instanceof Promise || host.has('body')) return this.#stored(storing, octets)
    } catch (error) {
      this.#spoolFailed(error)
    }
    return undefined
  }

  /** Once, not for each piece that still comes. */
  #spoolFailed(error: unknown): void {
    this.#body = undefined
    this.#parts.journal.spoolFailed(error)
    this.#parts.session.spoolFailed()
  }

  async #stored(storing: void | Promise<void>, octets: Uint8Array): Promise<void> {
    const { host, session, scope } = this.#parts
    try {
      await Promise.all([storing, this.#flush()])
    } catch (error) {
      return this.#spoolFailed(error)
    }
    if (!host.has('body')) return
    const { failure } = await host.ask('body', scope, [octets])
    if (failure !== undefined) session.bodyRefused(failure)
  }
}
