import type { Envelope } from '../message/envelope.ts'
import type { Done, Ok, PerRecipient, Refusal } from '../hooks/verdict.ts'

/** The class of a plugin's own reply. A plugin that says nothing leaves the client waiting, so that is a fault of its: 4. RFC 5321 §4.2.1. */
export function replyClass({ reply }: Done): number {
  return reply === undefined ? 4 : Math.floor(reply.code / 100)
}

/**
 * One answer out of those for each recipient, for SMTP has only one: that of all where they are alike and nobody is
 * left out, otherwise none; whoever answers so must remember whom it has delivered to.
 */
export function combined(
  { answers }: PerRecipient,
  { recipients }: Pick<Envelope, 'recipients'>,
): Ok | Refusal | undefined {
  const answered = new Set(answers.map(([address]) => address.text))
  const [first, ...others] = answers.map(([, answer]) => answer)
  if (first === undefined || !recipients.every(({ address }) => answered.has(address.text)))
    return undefined
  return others.every((answer) => kindOf(answer) === kindOf(first)) ? first : undefined
}

const kindOf = (answer: Ok | Refusal): string =>
  answer.verdict === 'ok' ? 'ok' : answer.temporary ? 'temporary' : 'permanent'
