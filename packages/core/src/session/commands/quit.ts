import { type Command, command } from '../command.ts'
import * as replies from '../replies.ts'
import { ask, sayAndClose, type Step } from '../step.ts'

/** RFC 5321 §4.1.1.10. Never refused, whatever stands behind it. */
export const quit: Command = command({
  verb: 'QUIT',
  legalIn: ['refused', 'greeted', 'ready', 'mail'],
  endsGroup: true,
  start({ settings }) {
    return ask('quit', [], {}, ({ result }): Step => {
      const text = result.verdict === 'ok' ? result.text : undefined
      return sayAndClose(
        text === undefined ? replies.goodbye(settings) : replies.goodbyeWith(text),
        'quit',
      )
    })
  },
})
