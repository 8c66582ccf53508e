import type { Change } from '../message/change.ts'
import type { HookName, Result } from './hooks.ts'
import type { Refusal } from './verdict.ts'

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
