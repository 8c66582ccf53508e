import type { Answered } from '../hooks/answered.ts'
import type { Args, HookName } from '../hooks/hooks.ts'
import { type HookRow, hookRows } from '../hooks/rows.ts'
import { declined, denySoft, type Refusal, type Verdict } from '../hooks/verdict.ts'
import type { Change } from '../message/change.ts'
import { messageHookTime, queueGraceTime } from '../smtp/limits.ts'
import { checkAnswer } from './answer.ts'
import { messageOf } from './config.ts'
import { HandlerContext } from './handler-context.ts'
import type { HostedHandler } from './hosted-handler.ts'
import { asLineWants } from './line-options.ts'
import type { HookScope } from './scope.ts'
import { timeUp, within } from './within.ts'
import type { Clock } from './world.ts'

/** What a handler that has not answered as it should comes to: never an exception's text. */
const failed: Refusal = denySoft('Internal error - try again later', { code: 451, status: '4.3.0' })

const noChanges: readonly Change[] = []

/** What an asking needs of its host. */
export interface AskingHost {
  readonly settings: {
    readonly clock: Clock
    /** Milliseconds for a handler. */
    readonly pluginTimeout: number
  }
  has(hook: HookName): boolean
  ask<H extends 'ok' | 'deny'>(
    hook: H,
    scope: HookScope,
    args: Args<H>,
  ): Answered<H> | Promise<Answered<H>>
}

/** One hook being asked of all plugins that answer it, one after the other. */
export class Asking {
  readonly #host: AskingHost
  readonly #hook: HookName
  readonly #row: HookRow
  readonly #handlers: readonly HostedHandler[]
  readonly #scope: HookScope | undefined
  #args: readonly unknown[]
  #at = 0
  #changes: Change[] | undefined
  #answers: unknown[] | undefined
  #failure: Refusal | undefined
  /** When the handler was called, milliseconds since 1970, where somebody listens to events. */
  #began = 0

  constructor(
    host: AskingHost,
    hook: HookName,
    handlers: readonly HostedHandler[],
    scope: HookScope | undefined,
    args: readonly unknown[],
  ) {
    this.#host = host
    this.#hook = hook
    this.#row = hookRows[hook]
    this.#handlers = handlers
    this.#scope = scope
    this.#args = args
  }

  /** Goes on until somebody decides; waits only where a handler makes it. */
  run(): Answered | Promise<Answered> {
    while (this.#at < this.#handlers.length) {
      // The client is gone and will send the message again: no further plugin may queue it.
      if (this.#hook === 'queue' && this.#scope?.isGone === true) break
      const hosted = this.#handlers[this.#at]!
      this.#at += 1
      const decided = this.#call(hosted)
      if (decided instanceof Promise) return decided.then((answered) => answered ?? this.run())
      if (decided !== undefined) return decided
    }
    return this.#finished(this.#outcome(), undefined)
  }

  /** What it comes to where nobody has decided. */
  #outcome(): unknown {
    switch (this.#row.kind) {
      case 'first':
        return declined
      case 'every':
        return undefined
      case 'pass':
        return this.#args[0]
      case 'collect':
        return this.#answers ?? []
    }
  }

  #finished(result: unknown, plugin: string | undefined): Answered {
    const refused = typeof result === 'object' && (result as Verdict | null)?.verdict === 'deny'
    return {
      result: result as Answered['result'],
      // A command that is refused changes nothing.
      changes: refused ? noChanges : (this.#changes ?? noChanges),
      plugin,
      failure: result === failed ? failed : this.#failure,
    }
  }

  #call(hosted: HostedHandler): Answered | undefined | Promise<Answered | undefined> {
    const scope = this.#scope
    const { plugin } = hosted
    if (scope?.hears === true) this.#began = this.#host.settings.clock.now()
    const context = scope && new HandlerContext(plugin, scope, this.#row.mayChange)
    let answer: unknown
    let pending: Promise<unknown> | undefined
    try {
      // Closed over its types: the arguments are those of the hook that the handler was given for.
      const handler = hosted.handler as (...args: readonly unknown[]) => unknown
      answer = handler(context ?? plugin.world, ...this.#args)
      if (isThenable(answer)) pending = Promise.resolve(answer)
    } catch (error) {
      return this.#threw(hosted, error, context)
    }
    return pending === undefined
      ? this.#accept(hosted, context, answer)
      : this.#wait(hosted, context, pending)
  }

  /** Waits for a handler, but not for longer than its time. */
  async #wait(
    hosted: HostedHandler,
    context: HandlerContext | undefined,
    pending: Promise<unknown>,
  ): Promise<Answered | undefined> {
    const limit = this.#timeOf(hosted)
    const settled = pending.then(
      (answer) => ({ answer }),
      (error: unknown) => ({ error }),
    )
    const { clock } = this.#host.settings
    let outcome = await within(settled, limit, clock)
    if (outcome === timeUp) {
      context?.timeUp()
      this.#scope?.keepUntil(settled)
      // A message that is queued after all must be said to be queued, or it will come a second time.
      if (this.#hook === 'queue') outcome = await within(settled, queueGraceTime, clock)
    }
    if (outcome === timeUp)
      return this.#failed(hosted, `no answer within ${limit / 1_000} s`, context)
    return 'error' in outcome
      ? this.#threw(hosted, outcome.error, context)
      : this.#accept(hosted, context, outcome.answer)
  }

  #timeOf({ plugin }: HostedHandler): number {
    const own =
      plugin.line.timeout ??
      (this.#row.takesTime ? messageHookTime : this.#host.settings.pluginTimeout)
    return Math.max(0, Math.min(own, this.#scope?.timeLeft ?? Infinity))
  }

  /** Looks at an answer. Returns undefined where the next plugin is to be asked. */
  #accept(
    hosted: HostedHandler,
    context: HandlerContext | undefined,
    answer: unknown,
  ): Answered | undefined | Promise<Answered | undefined> {
    const wrong = checkAnswer(this.#hook, this.#row, answer)
    if (this.#scope?.hears === true) this.#emitAnswered(hosted, wrong ?? answer)
    if (wrong !== undefined) return this.#failed(hosted, wrong, context)
    const changes = context?.close() ?? noChanges
    const verdict = answer as Verdict
    // A command that is refused changes nothing, also where the refusal is only logged.
    const isRefusal = this.#row.kind === 'first' && verdict.verdict === 'deny'
    if (changes.length > 0 && !isRefusal) this.#commit(changes)
    switch (this.#row.kind) {
      case 'every':
        return undefined
      case 'pass':
        this.#args = [answer, ...this.#args.slice(1)]
        return undefined
      case 'collect':
        if (verdict.verdict !== 'declined') (this.#answers ??= []).push(answer)
        return undefined
      case 'first':
        return verdict.verdict === 'declined' ? undefined : this.#decided(hosted, verdict)
    }
  }

  #emitAnswered({ plugin }: HostedHandler, answer: unknown): void {
    const scope = this.#scope
    if (scope === undefined) return
    const isVerdict = typeof answer === 'object' && answer !== null && 'verdict' in answer
    scope.emit({
      event: 'answered',
      session: scope.connection.id,
      hook: this.#hook,
      plugin: plugin.name,
      verdict: isVerdict ? String(answer.verdict) : typeof answer,
      duration: this.#host.settings.clock.now() - this.#began,
    })
  }

  #commit(changes: readonly Change[]): void {
    this.#changes ??= []
    this.#changes.push(...changes)
    const draft = this.#scope?.draft
    draft?.commit(changes)
    if (this.#row.takesMessage && draft?.message !== undefined)
      this.#args = [draft.message, ...this.#args.slice(1)]
  }

  #decided(
    { plugin }: HostedHandler,
    verdict: Verdict,
  ): Answered | undefined | Promise<Answered | undefined> {
    if (verdict.verdict === 'deny')
      return this.#refused(plugin.name, this.#asLineWants(plugin, verdict))
    if (
      verdict.verdict === 'ok' &&
      this.#scope !== undefined &&
      this.#host.has('ok') &&
      this.#hook !== 'deny'
    ) {
      const told = this.#host.ask('ok', this.#scope, [
        { hook: this.#hook, plugin: plugin.name, verdict },
      ])
      if (told instanceof Promise) return told.then(() => this.#finished(verdict, plugin.name))
    }
    return this.#finished(verdict, plugin.name)
  }

  #asLineWants(plugin: HostedHandler['plugin'], verdict: Refusal): Refusal | undefined {
    const wanted = asLineWants(verdict, plugin.line)
    if (wanted.verdict === 'deny') return wanted
    const reject = plugin.line.reject === 'naughty' ? 'naughty' : '0'
    const text = verdict.text ?? 'no reason given'
    const scope = this.#scope
    scope
      ?.logFor(plugin.name, plugin.line.logLevel)
      .notice(`${this.#hook}: would refuse (reject ${reject}): ${text}`)
    if (reject === 'naughty' && scope !== undefined)
      scope.connection.naughty ??= { plugin: plugin.name, text }
    return undefined
  }

  /** A refusal is told to `deny` first, which may take it back: then the next plugin is asked. */
  #refused(
    plugin: string,
    verdict: Refusal | undefined,
  ): Answered | undefined | Promise<Answered | undefined> {
    if (verdict === undefined) return undefined
    const scope = this.#scope
    if (scope === undefined || this.#hook === 'deny' || !this.#host.has('deny'))
      return this.#finished(verdict, plugin)
    const told = this.#host.ask('deny', scope, [{ hook: this.#hook, plugin, verdict }])
    const after = (answered: Answered<'deny'>): Answered | undefined =>
      answered.result.verdict === 'lift' ? undefined : this.#finished(verdict, plugin)
    return told instanceof Promise ? told.then(after) : after(told)
  }

  #threw(
    hosted: HostedHandler,
    error: unknown,
    context: HandlerContext | undefined,
  ): Answered | undefined | Promise<Answered | undefined> {
    const { plugin } = hosted
    const log = this.#scope?.logFor(plugin.name, plugin.line.logLevel) ?? plugin.world.log
    if (error instanceof Error && error.stack !== undefined) log.debug(error.stack)
    return this.#failed(hosted, messageOf(error), context)
  }

  #failed(
    { plugin }: HostedHandler,
    cause: string,
    context?: HandlerContext,
  ): Answered | undefined | Promise<Answered | undefined> {
    context?.close()
    const log = this.#scope?.logFor(plugin.name, undefined) ?? plugin.world.log
    log.error(`${this.#hook} failed: ${cause}`)
    this.#scope?.emit({
      event: 'failed',
      session: this.#scope.connection.id,
      hook: this.#hook,
      plugin: plugin.name,
      cause,
    })
    if (this.#row.kind === 'first')
      return this.#hook === 'deny' ? undefined : this.#refused(plugin.name, failed)
    this.#failure ??= failed
    return undefined
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
