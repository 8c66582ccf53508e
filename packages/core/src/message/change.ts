import type { Address, Sender } from '../smtp/address.ts'
import type { Parameters } from '../smtp/parameters.ts'
import type { Body } from './body.ts'
import type { Envelope, Recipient } from './envelope.ts'
import type { Headers } from './headers.ts'

/** What a plugin wants changed of an envelope. */
export type EnvelopeChange =
  | { readonly change: 'sender'; readonly sender: Sender; readonly parameters: Parameters }
  | { readonly change: 'addRecipient'; readonly recipient: Recipient }
  | { readonly change: 'removeRecipient'; readonly address: Address }
  | { readonly change: 'replaceRecipient'; readonly address: Address; readonly by: Recipient }

/** What a plugin wants changed of a header section. */
export type HeaderChange =
  | { readonly change: 'prependHeader'; readonly name: string; readonly value: string }
  | { readonly change: 'replaceHeader'; readonly name: string; readonly value: string }
  | { readonly change: 'removeHeader'; readonly name: string }

/** A new body in place of the one that came. */
interface BodyChange {
  readonly change: 'body'
  readonly body: Body
}

/** What a plugin has found out about the message. RFC 8601 §2.2. */
interface AuthResultChange {
  readonly change: 'authResult'
  /** One method and its result: `spf=pass smtp.mailfrom=example.com`. */
  readonly result: string
}

/** One thing that a plugin changes between `mail` and `queuePre`. Plain data, so that a recording can replay it. */
export type Change = EnvelopeChange | HeaderChange | BodyChange | AuthResultChange

/** The envelope with one change made. Recipients are told apart by their text. */
export function changeEnvelope(envelope: Envelope, change: EnvelopeChange): Envelope {
  const { recipients } = envelope
  switch (change.change) {
    case 'sender':
      return { ...envelope, sender: change.sender, parameters: change.parameters }
    case 'addRecipient':
      return { ...envelope, recipients: [...recipients, change.recipient] }
    case 'removeRecipient':
      return {
        ...envelope,
        recipients: recipients.filter(({ address }) => address.text !== change.address.text),
      }
    case 'replaceRecipient':
      return {
        ...envelope,
        recipients: recipients.map((one) =>
          one.address.text === change.address.text ? change.by : one,
        ),
      }
  }
}

/** The headers with one change made. @throws RangeError for a name or value that would not stay one field. */
export function changeHeaders(headers: Headers, change: HeaderChange): Headers {
  switch (change.change) {
    case 'prependHeader':
      return headers.prepend(change.name, change.value)
    case 'replaceHeader':
      return headers.replace(change.name, change.value)
    case 'removeHeader':
      return headers.remove(change.name)
  }
}

/** True for a change of the header section. */
export function isHeaderChange(change: Change): change is HeaderChange {
  return (
    change.change === 'prependHeader' ||
    change.change === 'replaceHeader' ||
    change.change === 'removeHeader'
  )
}
