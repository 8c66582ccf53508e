import type { Answered } from '../hooks/answered.ts'
import type { Hello } from '../hooks/connection.ts'
import type { Args, DisconnectReason, HookName } from '../hooks/hooks.ts'
import type { Message } from '../message/message.ts'
import type { Reply } from '../smtp/reply.ts'
import type { Opened } from './effect.ts'
import type { Phase, TransactionState } from './phase.ts'

/** What a command does next: says something, asks a hook, or waits for room in the spool. */
export type Step =
  | {
      readonly step: 'say'
      readonly reply: Reply | undefined
      readonly phase: Phase | undefined
      readonly close: DisconnectReason | undefined
      readonly next: (() => Step) | undefined
      /** True where the command itself was bad: too many of those end the session. */
      readonly isError: boolean
    }
  | {
      readonly step: 'ask'
      readonly hook: HookName
      readonly args: Args<HookName>
      readonly transaction: TransactionState | undefined
      readonly message: Message | undefined
      readonly hello: Hello | undefined
      readonly next: (answered: Answered) => Step
    }
  | { readonly step: 'open'; readonly expected: number; readonly next: (opened: Opened) => Step }
  | { readonly step: 'store'; readonly body: Uint8Array | undefined }
  | { readonly step: 'forget'; readonly next: () => Step }

/** Where a question is asked from. */
export interface Scene {
  readonly transaction?: TransactionState
  readonly message?: Message
  /** Where it is not that of the phase yet. */
  readonly hello?: Hello
}

/** Replies, and goes to another phase where one is named. */
export function say(reply: Reply | undefined, phase?: Phase, next?: () => Step): Step {
  return { step: 'say', reply, phase, close: undefined, next, isError: false }
}

/** Replies to a command that was bad in itself, whatever the policy. */
export function fault(reply: Reply): Step {
  return { step: 'say', reply, phase: undefined, close: undefined, next: undefined, isError: true }
}

/** Replies and ends the session. */
export function sayAndClose(reply: Reply | undefined, reason: DisconnectReason): Step {
  return { step: 'say', reply, phase: undefined, close: reason, next: undefined, isError: false }
}

/** Asks a hook, and goes on with what came of it. */
export function ask<H extends HookName>(
  hook: H,
  args: Args<H>,
  scene: Scene,
  next: (answered: Answered<H>) => Step,
): Step {
  const { transaction, message, hello } = scene
  // Closed over its types: what `next` is handed was asked for under the same name.
  return {
    step: 'ask',
    hook,
    args,
    transaction,
    message,
    hello,
    next: next as (answered: Answered) => Step,
  }
}

/** Passes octets of the body on. */
export function store(body: Uint8Array | undefined): Step {
  return { step: 'store', body }
}

/** Waits for room for a body. @param expected octets. */
export function open(expected: number, next: (opened: Opened) => Step): Step {
  return { step: 'open', expected, next }
}

/** Tells plugins and the world that a transaction is over. */
export function endTransaction(
  transaction: TransactionState,
  reason: Args<'resetTransaction'>[0],
  next: () => Step,
): Step {
  return ask('resetTransaction', [reason], { transaction }, () => ({ step: 'forget', next }))
}
