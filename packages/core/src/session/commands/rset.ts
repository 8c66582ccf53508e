import { type Command, command } from '../command.ts'
import * as replies from '../replies.ts'
import { ask, endTransaction, fault, say, type Step } from '../step.ts'

/** RFC 5321 §4.1.1.5. Never refused. */
export const rset: Command = command({
  verb: 'RSET',
  legalIn: ['greeted', 'ready', 'mail'],
  endsGroup: false,
  start({ phase }, rest) {
    if (rest !== '') return fault(replies.noArguments)
    return ask('rset', [], {}, (): Step => {
      if (phase.at !== 'mail') return say(replies.fine)
      const { transaction, hello } = phase
      return endTransaction(transaction, 'rset', () => say(replies.fine, { at: 'ready', hello }))
    })
  },
})
