import type { Logger } from '../log/logger.ts'
import type { Connection } from './connection.ts'
import type { Transaction } from './transaction.ts'

/** What a handler is given besides its arguments. Good until the handler has settled. */
export interface Context {
  readonly connection: Connection
  /** Writes lines that bear the session's id and the plugin's name. */
  readonly log: Logger
  /** Fires when the client is gone, when the handler's time is up, or when a draining server can't wait any longer. */
  readonly signal: AbortSignal
  /** Octets that the client has sent and nobody has asked for yet. */
  readonly inputWaiting: number
  /**
   * Resolves after so many milliseconds, or sooner, with the reason: `input` where the client speaks and one asked for
   * that, `ended` where the signal has fired.
   */
  readonly delay: (milliseconds: number, until?: 'input') => Promise<'time' | 'input' | 'ended'>
  /**
   * Starts work that a later hook waits for, or finds what was begun under that key. The work is given a signal that fires
   * with the session's end; a rejection is logged even if nobody waits. It outlives the transaction, whose body it may not read then.
   * @throws RangeError where a session has begun too much.
   */
  readonly begin: <T>(key: string, work: (signal: AbortSignal) => Promise<T>) => Promise<T>
  /** Lets this client send to anybody for as long as it is connected. */
  readonly grantRelay: () => void
}

/** The context of a hook that runs inside a transaction. */
export interface TransactionContext extends Context {
  readonly transaction: Transaction
}
