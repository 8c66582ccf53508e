import * as replies from '../replies.ts'
import { ask, fault, say, type Step } from '../step.ts'

/** A verb that stands in no table: a plugin may know it. RFC 5321 §4.2.4. */
export function unrecognized(verb: string, rest: string): Step {
  return ask('unrecognizedCommand', [verb, rest], {}, ({ result }) => {
    if (result.verdict === 'done') return say(result.reply)
    if (result.verdict === 'declined') return fault(replies.unrecognized)
    // 521: the host speaks no more mail to this client. RFC 7504 §3.
    const code = result.disconnect && !result.temporary ? 521 : replies.refusals.unrecognized.code
    return say(replies.refusal(result, { ...replies.refusals.unrecognized, code }))
  })
}
