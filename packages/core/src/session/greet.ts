import * as replies from './replies.ts'
import type { Settings } from './settings.ts'
import { ask, say, sayAndClose, type Step } from './step.ts'
import { replyClass } from './verdicts.ts'

/** The first words of a session: a greeting, or why there is none. RFC 5321 §3.1, §4.3.2. */
export function greet(settings: Settings): Step {
  return ask('connect', [], {}, ({ result }) => {
    switch (result.verdict) {
      case 'deny': {
        // A greeting is 220, 554 or 421, and after a 421 nothing more is heard.
        const { temporary } = result
        const verdict = temporary ? { ...result, disconnect: true } : { ...result, code: 554 }
        const reply = replies.refusal(verdict, replies.refusals.connect)
        return temporary ? sayAndClose(reply, 'refused') : say(reply, { at: 'refused' })
      }
      case 'done':
        // Without a reply nothing is said: the plugin has its reasons.
        if (result.reply === undefined || replyClass(result) === 2)
          return say(result.reply, { at: 'greeted' })
        return replyClass(result) === 4
          ? sayAndClose(result.reply, 'refused')
          : say(result.reply, { at: 'refused' })
      case 'ok':
      case 'declined':
        return say(replies.greeting(settings), { at: 'greeted' })
    }
  })
}
