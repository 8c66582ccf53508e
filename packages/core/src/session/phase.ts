import type { Body } from '../message/body.ts'
import type { HeaderChange } from '../message/change.ts'
import type { Envelope } from '../message/envelope.ts'
import type { Reception } from './reception.ts'

/** What a HELO or EHLO has settled. */
export interface Greeting {
  readonly verb: 'HELO' | 'EHLO'
  readonly name: string
  /** Keywords of the parameters that MAIL may have. */
  readonly mailParameters: ReadonlySet<string>
  /** Keywords of the parameters that RCPT may have. */
  readonly rcptParameters: ReadonlySet<string>
}

/** A mail transaction as the engine keeps it. Replaced, never edited. RFC 5321 §3.3. */
export interface TransactionState {
  readonly id: string
  readonly envelope: Envelope
  /** Asked for before there were headers; made when they are there. */
  readonly headerChanges: readonly HeaderChange[]
  /** What plugins have found out about the message, for Authentication-Results. RFC 8601 §2.2. */
  readonly authResults: readonly string[]
  /** Put in place of the body that comes. */
  readonly body: Body | undefined
}

/** Where a session stands. What a phase does not have, nobody can ask it for. */
export type Phase =
  | { readonly at: 'connected' }
  /** The greeting was a 554: nothing but QUIT is heard. RFC 5321 §3.1. */
  | { readonly at: 'refused' }
  | { readonly at: 'greeted' }
  | { readonly at: 'ready'; readonly hello: Greeting }
  | { readonly at: 'mail'; readonly hello: Greeting; readonly transaction: TransactionState }
  | {
      readonly at: 'data'
      readonly hello: Greeting
      readonly transaction: TransactionState
      readonly reception: Reception
    }
  | { readonly at: 'closed' }

/** The phase of that name. */
export type PhaseAt<At extends Phase['at']> = Extract<Phase, { readonly at: At }>
