import { type Change, changeEnvelope, isHeaderChange } from '../message/change.ts'
import type { Envelope } from '../message/envelope.ts'
import type { TransactionState } from './phase.ts'

/** A transaction as MAIL begins it. RFC 5321 §3.3. */
export function beginTransaction(id: string, envelope: Envelope): TransactionState {
  return { id, envelope, headerChanges: [], authResults: [], body: undefined }
}

/** The transaction with what plugins asked for; changes of headers are kept until there are headers. */
export function changeTransaction(
  state: TransactionState,
  changes: readonly Change[],
): TransactionState {
  return changes.reduce(change1, state)
}

function change1(state: TransactionState, change: Change): TransactionState {
  if (isHeaderChange(change)) return { ...state, headerChanges: [...state.headerChanges, change] }
  if (change.change === 'body') return { ...state, body: change.body }
  if (change.change === 'authResult')
    return { ...state, authResults: [...state.authResults, change.result] }
  return { ...state, envelope: changeEnvelope(state.envelope, change) }
}
