import type { Endpoint } from '../hooks/connection.ts'

/** What came of a read: octets, or why there are none. */
export type Read =
  | Uint8Array
  /** The client sends nothing more; it may still listen. */
  | 'eof'
  /** The connection is gone. */
  | 'reset'
  /** `interrupt` was called. */
  | 'interrupted'

/** A connection to a client, whatever it runs over. Nothing of it throws or rejects: what goes wrong is a `reset`. */
export interface Wire {
  readonly remote: Endpoint
  readonly local: Endpoint
  /** Octets that have come and were not read: bounded, what is more stays in the network. */
  readonly buffered: number
  /** What has come, or what comes next. Only one read may wait at a time. */
  read(): Read | Promise<Read>
  /** Ends the read that waits. */
  interrupt(): void
  /** Adds to what is to be sent. True where so much waits that it must be sent before anything else is said. */
  write(text: string): boolean
  /** Sends it. A promise where the client has to read first; it resolves when it has, or is gone. */
  flush(): Promise<void> | undefined
  /**
   * Sends what is left and closes, so that the client can still read it; resolves when all is over, which is bounded.
   * @param isExpected true where the client expects the end: it has nothing more to say, as after QUIT.
   */
  end(isExpected: boolean): Promise<void>
  /** Closes at once. */
  destroy(): void
  /** Who is called whenever octets come and when the client ends, and once when the connection is gone. A reset is not seen while nothing is read because too much came ahead. */
  watch(watcher: { readonly input: () => void; readonly reset: () => void }): void
}
