import type { Reply } from '../smtp/reply.ts'
import type { Address } from '../smtp/address.ts'

/** No opinion: the next plugin is asked. */
export interface Declined {
  readonly verdict: 'declined'
}

/** Yes, and nobody else is asked. */
export interface Ok {
  readonly verdict: 'ok'
  /** For the reply, where the hook has one to give. */
  readonly text?: string
}

/** No. */
export interface Refusal {
  readonly verdict: 'deny'
  /** True for 4xx: the client may try again. */
  readonly temporary: boolean
  readonly text?: string
  /** Where it is missing, the hook's own code is used. */
  readonly code?: number
  /** Enhanced status code; where it is missing, the hook's own is used. */
  readonly status?: string
  /** True where the session ends with the reply. */
  readonly disconnect: boolean
}

/** A refusal that ends the session. */
export type Disconnect = Refusal & { readonly disconnect: true }

/** The plugin brings the reply itself. */
export interface Done {
  readonly verdict: 'done'
  /** Undefined only in `connect`: there is no greeting then. */
  readonly reply: Reply | undefined
}

/** The message is dropped, and its client told that it was taken: the one exception to rule 1. */
export interface Discard {
  readonly verdict: 'discard'
  /** For the log. */
  readonly reason: string
}

/** One answer for each recipient. */
export interface PerRecipient {
  readonly verdict: 'perRecipient'
  readonly answers: readonly (readonly [recipient: Address, answer: Ok | Refusal])[]
}

/** The refusal that a `deny` hook is told of is taken back: the next plugin is asked. */
export interface Lift {
  readonly verdict: 'lift'
}

/** Any answer of a hook that is asked. */
export type Verdict = Declined | Ok | Refusal | Done | Discard | PerRecipient | Lift

/** What a refusal may name besides its text. */
export interface RefusalDetails {
  /** Reply code; its class is that of the word used. */
  readonly code?: number
  /** Enhanced status code of the same class. RFC 3463 §2. */
  readonly status?: string
}

/** No opinion: the next plugin is asked. */
export const declined: Declined = { verdict: 'declined' }

/** Yes, and nobody else is asked. `okText` says it with words for the reply. */
export const ok: Ok = { verdict: 'ok' }

/** Yes, with words for the reply: what a queue plugin knows about the message it has taken. */
export function okText(text: string): Ok {
  return { verdict: 'ok', text }
}

/** No, for good (5xx). @throws RangeError for a code or status of another class. */
export function deny(text?: string, details: RefusalDetails = {}): Refusal {
  return refusal(false, text, details)
}

/** No, for now (4xx): the client may try again. @throws RangeError for a code or status of another class. */
export function denySoft(text?: string, details: RefusalDetails = {}): Refusal {
  return refusal(true, text, details)
}

/** The refusal, and the session ends with it. A temporary one is 421 4.7.0 everywhere. */
export function disconnect(verdict: Refusal): Disconnect {
  return { ...verdict, disconnect: true }
}

/**
 * The plugin's own reply instead of ours: one, for a client that pipelines counts them. The session goes on as its
 * class says; 3xx is no answer. In `connect` it may be left out, and nothing is said.
 */
export function done(reply?: Reply): Done {
  return { verdict: 'done', reply }
}

/** Tells the client that the message was taken, and drops it. The reason goes to the log. */
export function discard(reason: string): Discard {
  return { verdict: 'discard', reason }
}

/** One answer for each recipient. Over SMTP, which knows one reply only, all must be alike or the client is told to try again. */
export function perRecipient(answers: PerRecipient['answers']): PerRecipient {
  return { verdict: 'perRecipient', answers }
}

/** Takes back the refusal that a `deny` hook was told of. */
export const lift: Lift = { verdict: 'lift' }

function refusal(
  temporary: boolean,
  text: string | undefined,
  { code, status }: RefusalDetails,
): Refusal {
  const digit = temporary ? '4' : '5'
  if (code !== undefined && !(String(code).length === 3 && String(code).startsWith(digit)))
    throw new RangeError(`reply code ${code} is no ${digit}xx`)
  if (
    status !== undefined &&
    !(status.startsWith(`${digit}.`) && /^\d\.\d{1,3}\.\d{1,3}$/.test(status))
  )
    throw new RangeError(`enhanced status ${status} is no ${digit}.x.x`)
  return {
    verdict: 'deny',
    temporary,
    disconnect: false,
    ...(text !== undefined && text !== '' && { text }),
    ...(code !== undefined && { code }),
    ...(status !== undefined && { status }),
  }
}
