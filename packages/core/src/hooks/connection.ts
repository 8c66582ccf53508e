import type { Notes } from './note.ts'

/** One end of a connection. */
export interface Endpoint {
  /** IP address, an IPv4 one never in IPv6 form; `unknown` where there is none. */
  readonly address: string
  readonly port: number
  /** Host name; undefined where it is not known. */
  readonly host: string | undefined
}

/** What the client said after HELO or EHLO. RFC 5321 §4.1.1.1. */
export interface Hello {
  readonly verb: 'HELO' | 'EHLO'
  readonly name: string
}

/** What is known about a client, for as long as it stays. */
export interface Connection {
  /** Stands in every log line of the session. */
  readonly id: string
  readonly remote: Endpoint
  readonly local: Endpoint
  /** Who ident says the client is: TCPREMOTEINFO. */
  readonly remoteInfo: string | undefined
  /** RELAYCLIENT, DATABYTES, RBLSMTPD and the like, where something that knows the client has set them for this one connection; never the daemon's environment. */
  readonly environment: ReadonlyMap<string, string>
  readonly hello: Hello | undefined
  /** True once a plugin has said that this client may send to anybody. */
  readonly mayRelay: boolean
  /** The plugin that said so. */
  readonly relayGrantedBy: string | undefined
  /** True for a client that filters should leave alone. */
  immune: boolean
  /** Why the client is to be refused later, by whom it was found out; the `naughty` plugin acts on it. */
  naughty: { readonly plugin: string; readonly text: string } | undefined
  readonly notes: Notes
}
