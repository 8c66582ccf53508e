import type { Connection } from '../hooks/connection.ts'
import type { ServerEvent } from '../log/event.ts'
import type { Logger, LogLevel } from '../log/logger.ts'
import type { Body } from '../message/body.ts'
import type { Draft } from './draft.ts'

/** Work that one hook has begun for another. */
export interface BegunWork {
  readonly result: Promise<unknown>
  isSettled: boolean
}

/** What the host has to be given of the session that a hook is asked for. */
export interface HookScope {
  readonly connection: Connection
  /** Undefined outside a transaction. */
  readonly draft: Draft | undefined
  /** Octets that came and were not asked for. */
  readonly inputWaiting: number
  /** Milliseconds that are left of what all handlers may take together; Infinity where nothing is agreed. */
  readonly timeLeft: number
  /** True once nobody waits for an answer. */
  readonly isGone: boolean
  /** Fires when the client is gone, or a draining server can't wait any longer. */
  readonly signal: AbortSignal
  /** Calls back once when nobody waits for an answer any more, unless the function it returns is called before. */
  onGone(run: () => void): () => void
  /** Calls back once when the client next speaks or ends, until the function it returns is called. */
  onInput(run: () => void): () => void
  /** A logger for one plugin's lines about this session. @param id of the message they are about; the one at hand where none is named. */
  logFor(plugin: string, level: LogLevel | undefined, id?: string): Logger
  grantRelay(plugin: string): void
  /** Work that was begun, by its key. */
  readonly begun: Map<string, BegunWork>
  /** Stores a new body. Rejects where the spool fails. */
  storeBody(octets: Uint8Array | AsyncIterable<Uint8Array>): Promise<Body>
  /** A handler is still at work: what it was given is kept until it has settled. */
  keepUntil(settled: Promise<unknown>): void
  /** True where somebody listens to events. */
  readonly hears: boolean
  emit(event: ServerEvent): void
}
