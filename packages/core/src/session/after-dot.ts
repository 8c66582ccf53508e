import type { Outcome } from '../hooks/hooks.ts'
import type { Refusal } from '../hooks/verdict.ts'
import { authenticationResults, withoutForgedResults } from '../message/authentication-results.ts'
import type { Change } from '../message/change.ts'
import { changeHeaders, isHeaderChange } from '../message/change.ts'
import type { Headers } from '../message/headers.ts'
import { countHops } from '../message/hops.ts'
import type { Message } from '../message/message.ts'
import { protocolOf, receivedField, type ReceivedFacts } from '../message/received.ts'
import { hops as mostHops } from '../smtp/limits.ts'
import type { Reply } from '../smtp/reply.ts'
import type { Turn } from './command.ts'
import type { TransactionState } from './phase.ts'
import type { ReceptionFault } from './reception.ts'
import * as replies from './replies.ts'
import { ask, endTransaction, say, type Step } from './step.ts'
import { changeTransaction } from './transaction.ts'
import { combined } from './verdicts.ts'

/** The message on its way from the dot to its reply; each hook may leave another one behind. */
interface Draft {
  readonly turn: Turn<'data'>
  readonly transaction: TransactionState
  readonly message: Message
}

/** All that follows the end of the data, up to the reply and the end of the transaction. RFC 5321 §4.1.1.4. */
export function afterDot(turn: Turn<'data'>, headers: Headers): Step {
  const { transaction, reception } = turn.phase
  const fault = reception.fault
  if (fault !== undefined) return close(turn, transaction, faultReplies[fault])
  if (reception.refusal !== undefined) return close(turn, transaction, reception.refusal)
  if (countHops(headers) >= mostHops) return close(turn, transaction, replies.tooManyHops)
  const { body, size } = reception
  const message: Message = { id: transaction.id, headers, body, size }
  const draft = changed({ turn, transaction: { ...transaction, headerChanges: [] }, message }, [
    ...transaction.headerChanges,
    ...(transaction.body === undefined
      ? []
      : [{ change: 'body', body: transaction.body } as const]),
  ])
  return ask('dataPostHeaders', [draft.message], draft, ({ changes, failure }) =>
    failure === undefined ? trace(changed(draft, changes)) : refuse(draft, failure),
  )
}

const faultReplies: { readonly [F in ReceptionFault]: Reply } = {
  tooBig: replies.tooBig,
  headersTooBig: replies.headersTooBig,
  bareNewline: replies.bareNewline,
  noSpool: replies.noSpool,
}

/** Forged results out, Received and our results in. RFC 5321 §4.4, RFC 8601 §5. */
function trace(draft: Draft): Step {
  const { turn, transaction, message } = draft
  const { settings, peer, phase } = turn
  const facts: ReceivedFacts = {
    remoteHost: peer.host,
    remoteAddress: peer.address,
    hello: phase.hello.name,
    by: settings.me,
    version: settings.version,
    protocol: protocolOf(phase.hello.verb === 'EHLO', transaction.envelope),
    id: message.id,
    at: phase.reception.at,
  }
  return ask('receivedLine', [facts], draft, ({ result, changes, failure }) => {
    if (failure !== undefined) return refuse(draft, failure)
    const { transaction: changedTransaction, message: changedMessage } = changed(draft, changes)
    const text = result.verdict === 'ok' ? (result.text ?? '') : ''
    const cleaned = withoutForgedResults(changedMessage.headers, settings.me)
    const received =
      text === '' ? cleaned.prependRaw(receivedField(facts)) : cleaned.prepend('Received', text)
    const { authResults } = changedTransaction
    const headers =
      authResults.length === 0
        ? received
        : received.prepend(
            'Authentication-Results',
            authenticationResults(settings.me, authResults),
          )
    return filter({
      turn,
      transaction: changedTransaction,
      message: { ...changedMessage, headers },
    })
  })
}

function filter(draft: Draft): Step {
  return ask('dataPost', [draft.message], draft, ({ result, changes }) => {
    const next = changed(draft, changes)
    switch (result.verdict) {
      case 'declined':
      case 'ok':
        return prepare(next)
      case 'discard':
        return conclude(next, replies.queued(next.message.id), {
          outcome: 'discarded',
          reason: result.reason,
        })
      case 'deny':
        return refuse(next, result)
      case 'perRecipient': {
        const answer = combined(result, next.transaction.envelope)
        if (answer?.verdict === 'ok') return prepare(next)
        return answer === undefined ? conclude(next, replies.notAlike) : refuse(next, answer)
      }
    }
  })
}

function prepare(draft: Draft): Step {
  return ask('queuePre', [draft.message], draft, ({ changes, failure }) =>
    failure === undefined ? queue(changed(draft, changes)) : refuse(draft, failure),
  )
}

function queue(draft: Draft): Step {
  return ask('queue', [draft.message], draft, ({ result, plugin }) => {
    const answer =
      result.verdict === 'perRecipient' ? combined(result, draft.transaction.envelope) : result
    if (answer === undefined) return conclude(draft, replies.notAlike)
    switch (answer.verdict) {
      case 'declined':
        return conclude(draft, replies.notQueued)
      case 'ok':
        return conclude(draft, replies.queued(draft.message.id, answer.text), {
          outcome: 'queued',
          plugin,
        })
      case 'deny':
        return refuse(draft, answer)
    }
  })
}

const refuse = (draft: Draft, verdict: Refusal): Step =>
  conclude(draft, replies.refusal(verdict, replies.refusals.data))

/** The reply, then everybody is told how it came out. */
function conclude(
  draft: Draft,
  reply: Reply,
  outcome: Outcome = { outcome: 'refused', code: reply.code },
): Step {
  const { turn, transaction, message } = draft
  const reason = outcome.outcome === 'refused' ? 'refused' : 'queued'
  return say(reply, { at: 'ready', hello: turn.phase.hello }, () =>
    ask('queuePost', [message, outcome], draft, () =>
      endTransaction(transaction, reason, () => say(undefined)),
    ),
  )
}

/** The reply, where nobody was asked about the message. */
function close({ phase }: Turn<'data'>, transaction: TransactionState, reply: Reply): Step {
  return say(reply, { at: 'ready', hello: phase.hello }, () =>
    endTransaction(transaction, 'refused', () => say(undefined)),
  )
}

/** The draft with what plugins asked for, made at once: there are headers now. */
function changed(draft: Draft, changes: readonly Change[]): Draft {
  if (changes.length === 0) return draft
  let { headers, body } = draft.message
  for (const change of changes) {
    if (change.change === 'body') body = change.body
    else if (isHeaderChange(change)) headers = changeHeaders(headers, change)
  }
  const transaction = { ...changeTransaction(draft.transaction, changes), headerChanges: [] }
  return { ...draft, transaction, message: { ...draft.message, headers, body } }
}
