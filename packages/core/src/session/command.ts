import type { Reply } from '../smtp/reply.ts'
import type { Phase, PhaseAt } from './phase.ts'
import { badSequence } from './replies.ts'
import type { Peer, Settings } from './settings.ts'
import type { Step } from './step.ts'

/** Whose turn it is: all that a command may look at. */
export interface Turn<At extends Phase['at'] = Phase['at']> {
  readonly phase: PhaseAt<At>
  readonly settings: Settings
  readonly peer: Peer
  /** A new message id. */
  readonly newId: () => string
}

/** One verb: where it is legal, what it says elsewhere, and what it does. */
export interface Command {
  /** Upper case. */
  readonly verb: string
  readonly legalIn: readonly Phase['at'][]
  /** What is answered where it is not legal. */
  readonly elsewhere: (at: Phase['at']) => Reply
  /** True where it ends a pipelined group, so that its reply may not wait. RFC 2920 §3.2. */
  readonly endsGroup: boolean
  readonly start: (turn: Turn, rest: string) => Step
}

/** A row of the command table, as the file of its verb writes it. */
export interface CommandRow<At extends Phase['at']> {
  readonly verb: string
  readonly legalIn: readonly At[]
  readonly elsewhere?: (at: Phase['at']) => Reply
  readonly endsGroup: boolean
  /** `rest` is what follows the verb, without blanks around it. */
  readonly start: (turn: Turn<At>, rest: string) => Step
}

/** Makes a command of its row. */
export function command<const At extends Phase['at']>(row: CommandRow<At>): Command {
  return {
    verb: row.verb,
    legalIn: row.legalIn,
    elsewhere: row.elsewhere ?? (() => badSequence),
    endsGroup: row.endsGroup,
    // Closed over its phases: the session looks at `legalIn` before it starts a command.
    start: row.start as (turn: never, rest: string) => Step as Command['start'],
  }
}
