/** How to start a server. */
export interface Launch {
  /** The program. */
  readonly command: string
  /** Its arguments. */
  readonly args: readonly string[]
  /** Its whole environment. */
  readonly env: NodeJS.ProcessEnv
  /** The directory it runs in. */
  readonly cwd: string
  /** A file that takes its stderr; without one it is dropped. */
  readonly log?: string
  /** Removes what was made for it; called once the server has ended, also while the program exits. */
  readonly cleanup: () => void
}

/** A server that can be compared. A further one is one more value in `candidatesIn`. */
export interface Candidate {
  /** Its name in options and in the tables. */
  readonly name: string
  /** Makes it available; fails, saying why, where it cannot be. Without it, it always is. */
  readonly prepare?: () => Promise<void>
  /** Makes what the server needs, for a port on 127.0.0.1. */
  readonly start: (port: number) => Launch
  /** The share of the messages that it is sent, 0 to 1, so that a slow one does not take all the time; else 1. */
  readonly messageShare?: number
  /** The share of the connections that it can be expected to stand, 0 to 1; else 1. */
  readonly connectionShare?: number
  /** True where it lets every client wait for the greeting, and cannot be told not to. */
  readonly greetsLate?: boolean
  /** Names of the only scenarios that make sense for it; without them all do. */
  readonly only?: readonly string[]
  /** Names of scenarios that it cannot take part in. */
  readonly except?: readonly string[]
}
