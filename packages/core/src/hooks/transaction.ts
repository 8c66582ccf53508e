import type { Recipient } from '../message/envelope.ts'
import type { Address, Sender } from '../smtp/address.ts'
import type { Parameters } from '../smtp/parameters.ts'
import type { Notes } from './note.ts'

/**
 * The transaction that a hook runs in, as it stands with all changes made so far. RFC 5321 §3.3.
 * The methods that change it may be called until the handler has answered; after that they throw. The
 * changes of a handler that fails are not made.
 */
export interface Transaction {
  /** The message's id. */
  readonly id: string
  readonly sender: Sender
  readonly parameters: Parameters
  /** Those accepted so far. */
  readonly recipients: readonly Recipient[]
  readonly notes: Notes
  changeSender(sender: Sender, parameters?: Parameters): void
  addRecipient(address: Address, parameters?: Parameters): void
  /** Nothing happens where there is no such recipient. */
  removeRecipient(address: Address): void
  /** Nothing happens where there is no such recipient. In `rcpt`, the recipient in question may be named: it is replaced when it is accepted. */
  replaceRecipient(address: Address, by: Address, parameters?: Parameters): void
  /** A header field above all others. */
  prependHeader(name: string, value: string): void
  /** One header field in place of all of that name. */
  replaceHeader(name: string, value: string): void
  removeHeader(name: string): void
  /** One method and its result, for our Authentication-Results: `spf=pass smtp.mailfrom=example.com`. RFC 8601 §2.2. */
  addAuthResult(result: string): void
  /** Another body: the empty line and what follows it, CRLF at its line ends. Resolves when it is stored. */
  replaceBody(octets: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>
}
