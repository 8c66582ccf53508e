import type { Address, Sender } from '../smtp/address.ts'
import type { Parameters } from '../smtp/parameters.ts'

/** One accepted RCPT. RFC 5321 §3.3. */
export interface Recipient {
  readonly address: Address
  /** What the client said behind the path: DSN's NOTIFY and ORCPT, for instance. */
  readonly parameters: Parameters
}

/** Who sends, who receives, and what was said about the message before it came. RFC 5321 §2.3.1. */
export interface Envelope {
  readonly sender: Sender
  /** Behind MAIL's path: SIZE, BODY, SMTPUTF8 and what plugins allowed. */
  readonly parameters: Parameters
  readonly recipients: readonly Recipient[]
}
