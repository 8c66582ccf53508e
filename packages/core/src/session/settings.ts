import type { HookName } from '../hooks/hooks.ts'

/** What a session has to know of the configuration. It never changes while the session lasts. */
export interface Settings {
  /** Our host name. */
  readonly me: string
  /** What stands behind 220, and instead of our name in other replies; undefined for the usual text. */
  readonly smtpgreeting: string | undefined
  /** Of the program, for the greeting and Received. */
  readonly version: string
  /** Most octets of a message, 0 for no limit. */
  readonly databytes: number
  /** The extensions that every queue plugin passes on; undefined where nothing limits them. */
  readonly carries: ReadonlySet<string> | undefined
  /** The hooks that somebody answers; those that nobody does are not asked. Undefined where all are to be asked. */
  readonly heard: ReadonlySet<HookName> | undefined
  readonly bareNewline: 'reject' | 'normalize'
  readonly maxErrors: number
  readonly maxRecipients: number
  /** Milliseconds to wait for the client. */
  readonly timeout: number
  /** True where every command line is to be reported, for the log. */
  readonly reportsLines: boolean
}

/** What a session has to know of its client. */
export interface Peer {
  /** The session's id. */
  readonly session: string
  /** The client's address, without brackets. */
  readonly address: string
  /** Its host name, or its address in brackets. */
  readonly host: string
  /** As in 0.26: who ident says it is, at its host; or its host. */
  readonly info: string
  /** DATABYTES of this one connection, where something has set it. */
  readonly databytes: number | undefined
}
