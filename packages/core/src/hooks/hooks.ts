import type { ServerEvent } from '../log/event.ts'
import type { Headers } from '../message/headers.ts'
import type { Message } from '../message/message.ts'
import type { ReceivedFacts } from '../message/received.ts'
import type { Address, Sender } from '../smtp/address.ts'
import type { Parameters } from '../smtp/parameters.ts'
import type { Authenticated, Credentials, Secret, TlsFacts } from './authentication.ts'
import type {
  Declined,
  Discard,
  Done,
  Lift,
  Ok,
  PerRecipient,
  Refusal,
  Verdict,
} from './verdict.ts'

/** Words that change what EHLO offers. */
export interface Capabilities {
  readonly verdict: 'ok'
  /** EHLO lines: a keyword and what belongs to it. RFC 5321 §4.1.1.1. */
  readonly add?: readonly string[]
  /** Keywords not to offer. */
  readonly remove?: readonly string[]
  /** Keywords of parameters that MAIL and RCPT may have. Others are 555. */
  readonly allow?: { readonly mail?: readonly string[]; readonly rcpt?: readonly string[] }
}

/** The lines of a configuration value. */
export interface ConfigAnswer {
  readonly verdict: 'ok'
  readonly values: readonly string[]
}

/** Who refused, or accepted, and where: told to `deny` and `ok`. */
export interface Decision<V extends Verdict> {
  readonly hook: HookName
  readonly plugin: string
  readonly verdict: V
}

/** How a transaction came out. */
export type Outcome =
  | { readonly outcome: 'queued'; readonly plugin: string | undefined }
  | { readonly outcome: 'discarded'; readonly reason: string }
  | { readonly outcome: 'refused'; readonly code: number }

/** Why a transaction is over. */
export type ResetReason = 'queued' | 'refused' | 'rset' | 'hello' | 'disconnect'

/** How a session ended. */
export type DisconnectReason =
  | 'quit'
  | 'refused'
  | 'gone'
  | 'reset'
  | 'timeout'
  | 'errors'
  | 'drain'
  | 'fault'

/**
 * Every hook, in the order in which they fire: what it is given, what it may answer.
 *
 * - `first`: plugins are asked in the order of the list until one does not decline.
 * - `every`: all are told, in that order; there is no answer.
 * - `pass`: each may replace the value that it is handed.
 * - `collect`: all answers are gathered.
 *
 * `on` says what a handler gets before its arguments: the world, a connection's context, or one with a transaction.
 */
export interface Hooks {
  start: { kind: 'every'; on: 'world'; args: []; answer: void }
  stop: { kind: 'every'; on: 'world'; args: []; answer: void }
  startOnce: { kind: 'every'; on: 'world'; args: []; answer: void }
  stopOnce: { kind: 'every'; on: 'world'; args: []; answer: void }
  config: {
    kind: 'first'
    on: 'world'
    args: [name: string, about?: Address]
    answer: Declined | ConfigAnswer
  }
  event: { kind: 'every'; on: 'world'; args: [event: ServerEvent]; answer: void }
  connect: { kind: 'first'; on: 'connection'; args: []; answer: Declined | Ok | Refusal | Done }
  tls: { kind: 'first'; on: 'connection'; args: [facts: TlsFacts]; answer: Declined | Ok | Refusal }
  helo: {
    kind: 'first'
    on: 'connection'
    args: [name: string]
    answer: Declined | Ok | Refusal | Done
  }
  ehlo: {
    kind: 'first'
    on: 'connection'
    args: [name: string]
    answer: Declined | Ok | Refusal | Done
  }
  capabilities: { kind: 'collect'; on: 'connection'; args: []; answer: Declined | Capabilities }
  authLookup: {
    kind: 'first'
    on: 'connection'
    args: [user: string, mechanism: string]
    answer: Declined | Secret
  }
  auth: {
    kind: 'first'
    on: 'connection'
    args: [credentials: Credentials]
    answer: Declined | Authenticated | Refusal
  }
  authenticated: { kind: 'every'; on: 'connection'; args: [user: string]; answer: void }
  mailPre: {
    kind: 'pass'
    on: 'connection'
    args: [path: string, parameters: Parameters]
    answer: string
  }
  mail: {
    kind: 'first'
    on: 'transaction'
    args: [sender: Sender, parameters: Parameters]
    answer: Declined | Ok | Refusal | Done
  }
  rcptPre: {
    kind: 'pass'
    on: 'transaction'
    args: [path: string, parameters: Parameters]
    answer: string
  }
  rcpt: {
    kind: 'first'
    on: 'transaction'
    args: [recipient: Address, parameters: Parameters]
    answer: Declined | Ok | Refusal | Done
  }
  data: { kind: 'first'; on: 'transaction'; args: []; answer: Declined | Ok | Refusal }
  dataHeadersEnd: {
    kind: 'first'
    on: 'transaction'
    args: [headers: Headers]
    answer: Declined | Refusal
  }
  body: { kind: 'every'; on: 'transaction'; args: [chunk: Uint8Array]; answer: void }
  dataPostHeaders: { kind: 'every'; on: 'transaction'; args: [message: Message]; answer: void }
  receivedLine: {
    kind: 'first'
    on: 'transaction'
    args: [facts: ReceivedFacts]
    answer: Declined | Ok
  }
  dataPost: {
    kind: 'first'
    on: 'transaction'
    args: [message: Message]
    answer: Declined | Ok | Refusal | Discard | PerRecipient
  }
  queuePre: { kind: 'every'; on: 'transaction'; args: [message: Message]; answer: void }
  queue: {
    kind: 'first'
    on: 'transaction'
    args: [message: Message]
    answer: Declined | Ok | Refusal | PerRecipient
  }
  queuePost: {
    kind: 'every'
    on: 'transaction'
    args: [message: Message, outcome: Outcome]
    answer: void
  }
  resetTransaction: { kind: 'every'; on: 'transaction'; args: [reason: ResetReason]; answer: void }
  vrfy: {
    kind: 'first'
    on: 'connection'
    args: [text: string]
    answer: Declined | Ok | Refusal | Done
  }
  expn: {
    kind: 'first'
    on: 'connection'
    args: [text: string]
    answer: Declined | Ok | Refusal | Done
  }
  noop: {
    kind: 'first'
    on: 'connection'
    args: [text: string]
    answer: Declined | Ok | Refusal | Done
  }
  help: {
    kind: 'first'
    on: 'connection'
    args: [text: string]
    answer: Declined | Ok | Refusal | Done
  }
  quit: { kind: 'first'; on: 'connection'; args: []; answer: Declined | Ok }
  rset: { kind: 'every'; on: 'connection'; args: []; answer: void }
  unrecognizedCommand: {
    kind: 'first'
    on: 'connection'
    args: [verb: string, text: string]
    answer: Declined | Refusal | Done
  }
  deny: {
    kind: 'first'
    on: 'connection'
    args: [decision: Decision<Refusal>]
    answer: Declined | Lift
  }
  ok: { kind: 'every'; on: 'connection'; args: [decision: Decision<Ok>]; answer: void }
  disconnect: { kind: 'every'; on: 'connection'; args: [reason: DisconnectReason]; answer: void }
}

/** The name of a hook. */
export type HookName = keyof Hooks

/** What a hook hands over, behind the context. */
export type Args<H extends HookName> = Hooks[H]['args']

/** What one handler of a hook may answer. */
export type Answer<H extends HookName> = Hooks[H]['answer']

/** What asking all plugins comes to: one answer, none, the value passed on, or all answers. */
export type Result<H extends HookName> = Hooks[H]['kind'] extends 'collect'
  ? readonly Exclude<Answer<H>, Declined>[]
  : Answer<H>
