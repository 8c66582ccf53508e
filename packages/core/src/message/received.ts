import type { Envelope } from './envelope.ts'

/** What a Received field tells. RFC 5321 §4.4. */
export interface ReceivedFacts {
  /** The client's host name, or its address in brackets where it has none. */
  readonly remoteHost: string
  /** The client's address, without brackets. */
  readonly remoteAddress: string
  /** What the client said after HELO or EHLO. */
  readonly hello: string
  /** Our name. */
  readonly by: string
  /** Of this program. */
  readonly version: string
  /** The transmission type. RFC 3848, RFC 6531 §4.3. */
  readonly protocol: 'SMTP' | 'ESMTP' | 'UTF8SMTP'
  /** The message's id. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/**
 * The Received field as qpsmtpd writes it, folded, with its last CRLF; SpamAssassin and others read the
 * client's name, HELO and address from this form. What the client said is shown with `?` for anything that
 * could be taken for something else.
 */
export function receivedField(facts: ReceivedFacts): string {
  const { remoteHost, remoteAddress, hello, by, version, protocol, id, at } = facts
  return (
    `Received: from ${clean(remoteHost)} (HELO ${clean(hello)}) (${clean(remoteAddress)})\r\n` +
    `    by ${clean(by)} (qpsmtpd/${version}) with ${protocol} id ${id};\r\n` +
    `    ${dateTime(at)}\r\n`
  )
}

/** The transmission type of a transaction. RFC 3848, RFC 6531 §4.3. */
export function protocolOf(extended: boolean, { parameters }: Envelope): ReceivedFacts['protocol'] {
  if (!extended) return 'SMTP'
  return parameters.has('SMTPUTF8') ? 'UTF8SMTP' : 'ESMTP'
}

const clean = (text: string): string => text.replace(/[^A-Za-z0-9.:_[\]+-]/g, '?')

let lastSecond = Number.NaN
let lastDate = ''

/** A date as RFC 5322 §3.3 has it, in UTC. Many messages come within one second. */
function dateTime(at: number): string {
  const second = Math.floor(at / 1_000)
  if (second !== lastSecond) {
    lastDate = new Date(second * 1_000).toUTCString().replace('GMT', '+0000')
    lastSecond = second
  }
  return lastDate
}
