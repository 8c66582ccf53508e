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

/** A server that can be compared. A further one is one more value in `candidates`. */
export interface Candidate {
  /** Its name in options and in the table. */
  readonly name: string
  /** Makes what the server needs, for a port on 127.0.0.1. */
  readonly start: (port: number) => Launch
}
