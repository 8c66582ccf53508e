import type { Connection, Endpoint, Hello } from '../hooks/connection.ts'
import { Notes } from '../hooks/note.ts'

/** What is known of one client, as the server keeps it. */
export class ConnectionRecord implements Connection {
  readonly id: string
  readonly remote: Endpoint
  readonly remoteInfo: string | undefined
  readonly environment: ReadonlyMap<string, string>
  hello: Hello | undefined
  immune = false
  naughty: Connection['naughty']
  relayGrantedBy: string | undefined
  readonly #ends: { readonly local: Endpoint }
  #notes: Notes | undefined

  constructor(id: string, ends: { remote: Endpoint; local: Endpoint }, particulars: Particulars) {
    this.id = id
    this.remote = ends.remote
    this.#ends = ends
    this.remoteInfo = particulars.remoteInfo
    this.environment = particulars.environment
  }

  /** Asked for only when somebody wants to know: it costs a system call. */
  get local(): Endpoint {
    return this.#ends.local
  }

  get mayRelay(): boolean {
    return this.relayGrantedBy !== undefined
  }

  get notes(): Notes {
    this.#notes ??= new Notes()
    return this.#notes
  }
}

/** What somebody who knows the client says of this one connection. */
export interface Particulars {
  /** Who ident says it is. */
  readonly remoteInfo: string | undefined
  /** RELAYCLIENT, DATABYTES and the like; never the process's own environment. */
  readonly environment: ReadonlyMap<string, string>
}

/** A connection of which nobody says anything. */
export const noParticulars: Particulars = { remoteInfo: undefined, environment: new Map() }
