import type { Logger } from '../log/logger.ts'
import type { Config } from './config.ts'

/** Time, handed in so that a test can hold it. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Runs something after so many milliseconds, unless the function it returns is called before. */
  after(milliseconds: number, run: () => void): () => void
}

/** One mail exchanger. RFC 5321 §5.1. */
export interface MxRecord {
  readonly priority: number
  readonly exchange: string
}

/**
 * Looks names up. Every method resolves with an empty list where the name or the type does not exist, and
 * rejects where that could not be found out: a server that fails, or is silent for longer than its time.
 */
export interface Resolver {
  a(name: string): Promise<readonly string[]>
  aaaa(name: string): Promise<readonly string[]>
  mx(name: string): Promise<readonly MxRecord[]>
  /** The strings of each record joined. */
  txt(name: string): Promise<readonly string[]>
  /** Host names of an IP address. */
  ptr(address: string): Promise<readonly string[]>
}

/** Counts and remembers for all sessions, with an end: limits, reputation, greylisting. */
export interface Store {
  get(key: string): Promise<string | undefined>
  /** @param expires milliseconds from now. */
  set(key: string, value: string, expires: number): Promise<void>
  /** Adds to a number that begins at 0, and says what it came to. @param expires milliseconds from now, for a new one. */
  increment(key: string, by: number, expires: number): Promise<number>
  delete(key: string): Promise<void>
}

/** All that a plugin may know of what is outside it. */
export interface World extends Clock {
  readonly config: Config
  readonly resolver: Resolver
  /** Writes lines that bear the plugin's name. */
  readonly log: Logger
  readonly store: Store
}
