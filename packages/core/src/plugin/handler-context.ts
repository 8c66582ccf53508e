import type { Connection } from '../hooks/connection.ts'
import type { TransactionContext } from '../hooks/context.ts'
import type { Transaction } from '../hooks/transaction.ts'
import type { Logger } from '../log/logger.ts'
import type { Change } from '../message/change.ts'
import { begunWork } from '../smtp/limits.ts'
import { HandlerTransaction } from './handler-transaction.ts'
import type { LoadedPlugin } from './loaded-plugin.ts'
import { messageOf } from './config.ts'
import type { Draft } from './draft.ts'
import type { HookScope } from './scope.ts'

const nothing: readonly Change[] = []

/** The context of one call of one handler. What it costs to make is made when it is asked for. */
export class HandlerContext implements TransactionContext {
  readonly #plugin: LoadedPlugin
  readonly #scope: HookScope
  readonly #mayChange: boolean
  /** That of the call: a handler that comes too late must not meet the next one. */
  readonly #draft: Draft | undefined
  #transaction: HandlerTransaction | undefined
  #abort: AbortController | undefined
  #stopWatching: (() => void) | undefined
  #isOver = false
  #isTimeUp = false

  constructor(plugin: LoadedPlugin, scope: HookScope, mayChange: boolean) {
    this.#plugin = plugin
    this.#scope = scope
    this.#mayChange = mayChange
    this.#draft = scope.draft
  }

  get connection(): Connection {
    return this.#scope.connection
  }

  get inputWaiting(): number {
    return this.#scope.inputWaiting
  }

  get log(): Logger {
    return this.#scope.logFor(this.#plugin.name, this.#plugin.line.logLevel, this.#draft?.id)
  }

  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      const abort = new AbortController()
      this.#abort = abort
      if (this.#isTimeUp || this.#scope.isGone) abort.abort()
      // Not AbortSignal.any: what it leaves behind stays for as long as the session.
      else if (!this.#isOver) this.#stopWatching = this.#scope.onGone(() => abort.abort())
    }
    return this.#abort.signal
  }

  get transaction(): Transaction {
    // The types of the hooks say where there is one; a handler from JavaScript may still ask.
    if (this.#draft === undefined) throw new Error('this hook runs outside a transaction')
    if (this.#transaction === undefined) {
      const store: HookScope['storeBody'] = (octets) => this.#scope.storeBody(octets)
      this.#transaction = new HandlerTransaction(this.#draft, store, this.#mayChange)
      if (this.#isOver) this.#transaction.close()
    }
    return this.#transaction
  }

  // What a handler calls is handed out bound, so that it may be taken out of the context first: `({ delay }) => …`.
  get delay(): TransactionContext['delay'] {
    return (milliseconds, until) => this.#delay(milliseconds, until)
  }

  get begin(): TransactionContext['begin'] {
    return (key, work) => this.#begin(key, work)
  }

  get grantRelay(): TransactionContext['grantRelay'] {
    return () => this.#scope.grantRelay(this.#plugin.name)
  }

  async #delay(milliseconds: number, until?: 'input'): Promise<'time' | 'input' | 'ended'> {
    const { signal } = this
    if (signal.aborted) return 'ended'
    if (until === 'input' && this.inputWaiting > 0) return 'input'
    return new Promise((resolve) => {
      const stopTimer = this.#plugin.world.after(milliseconds, () => finish('time'))
      const stopInput = until === 'input' ? this.#scope.onInput(() => finish('input')) : undefined
      const onAbort = (): void => finish('ended')
      signal.addEventListener('abort', onAbort, { once: true })
      function finish(why: 'time' | 'input' | 'ended'): void {
        stopTimer()
        stopInput?.()
        signal.removeEventListener('abort', onAbort)
        resolve(why)
      }
    })
  }

  #begin<T>(key: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { begun, signal } = this.#scope
    // Two plugins may use one word for two things.
    const owned = `${this.#plugin.name} ${key}`
    const known = begun.get(owned)?.result as Promise<T> | undefined
    if (known !== undefined) return known
    if (begun.size >= begunWork) this.#forgetSettled()
    const result = (async () => work(signal))()
    const begunNow = { result, isSettled: false }
    begun.set(owned, begunNow)
    // Whoever waits gets the rejection too; here it is caught, so that it never ends the process. So it has to be this
    // very promise that is handed out.
    result
      .catch((error: unknown) => this.log.warning(`${key}: ${messageOf(error)}`))
      .finally(() => {
        begunNow.isSettled = true
      })
    return result
  }

  /** What has come to its end longest ago makes room. */
  #forgetSettled(): void {
    const { begun } = this.#scope
    for (const [key, { isSettled }] of begun) {
      if (!isSettled) continue
      begun.delete(key)
      return
    }
    throw new RangeError(`more than ${begunWork} pieces of work begun and not ended in one session`)
  }

  /** What the handler has changed; it can change nothing more. */
  close(): readonly Change[] {
    this.#isOver = true
    this.#stopWatching?.()
    return this.#transaction === undefined ? nothing : this.#transaction.close()
  }

  /** The handler's time is up: its signal fires. */
  timeUp(): void {
    this.#isTimeUp = true
    this.#abort?.abort()
  }
}
