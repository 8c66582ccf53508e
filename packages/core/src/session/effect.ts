import type { Hello } from '../hooks/connection.ts'
import type { Body } from '../message/body.ts'
import type { Message } from '../message/message.ts'
import type { Args, DisconnectReason, HookName } from '../hooks/hooks.ts'
import type { TransactionState } from './phase.ts'
import type { Reply } from '../smtp/reply.ts'

/** A hook to be asked, with all that its handlers may see. */
export interface Question<H extends HookName = HookName> {
  readonly hook: H
  readonly args: Args<H>
  /** Present in hooks that run inside a transaction. */
  readonly transaction: TransactionState | undefined
  /** Present once the message has come whole. */
  readonly message: Message | undefined
  /** What the client has introduced itself as. */
  readonly hello: Hello | undefined
}

/** What the world must do next for a session. */
export type Effect =
  /** `flush`: it may not wait to be joined with what comes next. RFC 2920 §3.2. */
  | { readonly do: 'reply'; readonly reply: Reply; readonly flush: boolean }
  /** `answer()` goes on. */
  | { readonly do: 'ask'; readonly question: Question }
  /** Make room for a body of so many octets, as far as the client has said; `opened()` goes on. */
  | { readonly do: 'open'; readonly expected: number }
  /** Octets of the body, in their order. */
  | { readonly do: 'body'; readonly octets: Uint8Array }
  /** The transaction is over: its notes and its body are needed no more. */
  | { readonly do: 'forget' }
  /** A command line, for the log. */
  | { readonly do: 'report'; readonly line: string }
  | { readonly do: 'close'; readonly reason: DisconnectReason }

/** A body that has room, and the time, or undefined where the spool fails. */
export type Opened =
  | { readonly body: Body; /** Milliseconds since 1970. */ readonly at: number }
  | undefined
