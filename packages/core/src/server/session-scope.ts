import type { ServerEvent } from '../log/event.ts'
import { createLogger, type Logger, type LogLevel, type LogSink } from '../log/logger.ts'
import type { Body } from '../message/body.ts'
import { Draft } from '../plugin/draft.ts'
import type { BegunWork, HookScope } from '../plugin/scope.ts'
import type { Clock } from '../plugin/world.ts'
import type { TransactionState } from '../session/phase.ts'
import type { Message } from '../message/message.ts'
import { messageHookTime } from '../smtp/limits.ts'
import type { ConnectionRecord } from './connection-record.ts'
import type { Spool, SpooledBody } from './spool.ts'

/** What a session scope is made of. */
export interface ScopeParts {
  readonly connection: ConnectionRecord
  readonly clock: Clock
  readonly spool: Spool
  readonly sink: LogSink
  readonly level: LogLevel
  /** True where somebody listens to events. */
  readonly hears: boolean
  readonly emit: (event: ServerEvent) => void
  /** Octets that came and were not asked for. */
  readonly inputWaiting: () => number
}

/** All that handlers of one session share. What it costs to make is made when somebody asks for it. */
export class SessionScope implements HookScope {
  readonly #parts: ScopeParts
  readonly connection: ConnectionRecord
  draft: Draft | undefined
  /** When the handlers behind the dot must be done, milliseconds since 1970. */
  deadline: number = Infinity
  #abort: AbortController | undefined
  #begun: Map<string, BegunWork> | undefined
  #bodies: SpooledBody[] | undefined
  #settling: Set<Promise<unknown>> | undefined
  #inputWatchers: Set<() => void> | undefined
  #goneWatchers: Set<() => void> | undefined
  isGone: boolean = false

  constructor(parts: ScopeParts) {
    this.#parts = parts
    this.connection = parts.connection
  }

  get inputWaiting(): number {
    return this.#parts.inputWaiting()
  }

  get timeLeft(): number {
    return this.deadline === Infinity ? Infinity : this.deadline - this.#parts.clock.now()
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController()
    if (this.isGone) this.#abort.abort()
    return this.#abort.signal
  }

  get begun(): Map<string, BegunWork> {
    this.#begun ??= new Map()
    return this.#begun
  }

  /** Nobody waits for an answer any more. */
  abort(): void {
    this.isGone = true
    this.#abort?.abort()
    const watchers = this.#goneWatchers
    this.#goneWatchers = undefined
    for (const run of watchers ?? []) run()
  }

  onGone(run: () => void): () => void {
    this.#goneWatchers ??= new Set()
    this.#goneWatchers.add(run)
    return () => this.#goneWatchers?.delete(run)
  }

  onInput(run: () => void): () => void {
    this.#inputWatchers ??= new Set()
    this.#inputWatchers.add(run)
    return () => this.#inputWatchers?.delete(run)
  }

  /** The client has spoken, or ended. */
  input(): void {
    const watchers = this.#inputWatchers
    if (watchers === undefined || watchers.size === 0) return
    this.#inputWatchers = undefined
    for (const run of watchers) run()
  }

  logFor(plugin: string | undefined, level: LogLevel | undefined, id?: string): Logger {
    const { sink, clock, level: usual } = this.#parts
    // Every line of one message bears the message's id, which begins with the session's.
    const session = id ?? this.draft?.id ?? this.connection.id
    return createLogger(sink, clock.now, { level: level ?? usual, session, plugin })
  }

  grantRelay(plugin: string): void {
    this.connection.relayGrantedBy ??= plugin
  }

  get hears(): boolean {
    return this.#parts.hears
  }

  emit(event: ServerEvent): void {
    if (this.hears) this.#parts.emit(event)
  }

  keepUntil(settled: Promise<unknown>): void {
    this.#settling ??= new Set()
    const settling = this.#settling
    settling.add(settled)
    const forget = (): void => void settling.delete(settled)
    settled.then(forget, forget)
  }

  /** Takes over what the engine says of its transaction. */
  enter({ id, envelope }: TransactionState, message: Message | undefined): void {
    if (this.draft?.id === id) this.draft.update(envelope, message)
    else this.draft = new Draft(id, envelope, message)
  }

  /** Makes room for a body, which is released with the transaction. @param expected octets. */
  openBody(expected: number): SpooledBody | Promise<SpooledBody> {
    const body = this.#parts.spool.open(expected)
    return body instanceof Promise ? body.then((opened) => this.#own(opened)) : this.#own(body)
  }

  async storeBody(octets: Uint8Array | AsyncIterable<Uint8Array>): Promise<Body> {
    const body = await this.openBody(0)
    if (octets instanceof Uint8Array) await body.write(octets)
    else for await (const chunk of octets) await body.write(chunk)
    return body
  }

  #own(body: SpooledBody): SpooledBody {
    this.#bodies ??= []
    this.#bodies.push(body)
    return body
  }

  /** The transaction is over: its bodies go as soon as no handler reads them any more. */
  forget(): void {
    const bodies = this.#bodies
    this.draft = undefined
    this.#bodies = undefined
    this.deadline = Infinity
    if (bodies === undefined) return
    const settling = [...(this.#settling ?? [])]
    if (settling.length === 0) return release(bodies)
    // A handler that never settles keeps what it was given no longer than this.
    const stop = this.#parts.clock.after(messageHookTime, () => release(bodies))
    const settled = (): void => {
      stop()
      release(bodies)
    }
    Promise.allSettled(settling).then(settled, settled)
  }
}

function release(bodies: SpooledBody[]): void {
  // `splice`: whoever comes second finds nothing to release.
  for (const body of bodies.splice(0)) {
    const released = body.release()
    released?.catch(() => undefined)
  }
}
