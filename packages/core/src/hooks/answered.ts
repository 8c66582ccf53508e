import type { Change } from '../message/change.ts'
import type { HookName, Result } from './hooks.ts'
import { hookRows } from './rows.ts'
import { declined, type Refusal } from './verdict.ts'

/** What came of asking all plugins about a hook. */
export interface Answered<H extends HookName = HookName> {
  readonly result: Result<H>
  /** In the order in which plugins asked for them. */
  readonly changes: readonly Change[]
  /** Who decided; undefined where nobody did. */
  readonly plugin: string | undefined
  /** What to tell the client where a handler failed that has no answer to give. */
  readonly failure: Refusal | undefined
}

const nothing = { changes: [], plugin: undefined, failure: undefined } as const
const nobody = {
  first: { ...nothing, result: declined },
  every: { ...nothing, result: undefined },
  collect: { ...nothing, result: [] },
} as const

/** What comes of a hook that no plugin answers: made once, for it is so with most hooks of every message. */
export function nobodyAnswers(hook: HookName, args: readonly unknown[]): Answered {
  const { kind } = hookRows[hook]
  // Closed over its types: the kind of a hook says what its result is.
  return (kind === 'pass' ? { ...nothing, result: args[0] } : nobody[kind]) as Answered
}
