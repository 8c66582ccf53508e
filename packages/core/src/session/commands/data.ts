import { type Command, command, type Turn } from '../command.ts'
import { Reception } from '../reception.ts'
import * as replies from '../replies.ts'
import type { Reply } from '../../smtp/reply.ts'
import { ask, endTransaction, fault, open, say, type Step } from '../step.ts'
import { changeTransaction } from '../transaction.ts'

/** RFC 5321 §4.1.1.4. */
export const data: Command = command({
  verb: 'DATA',
  legalIn: ['mail'],
  elsewhere: () => replies.mailFirst,
  endsGroup: true,
  start(turn, rest) {
    const { transaction } = turn.phase
    if (rest !== '') return fault(replies.noArguments)
    if (transaction.envelope.recipients.length === 0) return fault(replies.rcptFirst)
    return ask('data', [], { transaction }, ({ result, changes }) => {
      if (result.verdict === 'deny')
        return refuse(turn, replies.refusal(result, replies.refusals.data))
      // RFC 1870 §6.1.
      const expected = Number(transaction.envelope.parameters.get('SIZE') ?? 0)
      return open(expected, (opened) => {
        if (opened === undefined) return refuse(turn, replies.noSpool)
        const { settings, peer, phase } = turn
        return say(replies.goAhead, {
          at: 'data',
          hello: phase.hello,
          transaction: changeTransaction(transaction, changes),
          reception: new Reception(opened, settings, peer.databytes ?? settings.databytes),
        })
      })
    })
  },
})

/** The reply, and the transaction is over, as after any other failed DATA. RFC 5321 §3.3. */
const refuse = ({ phase }: Turn<'mail'>, reply: Reply): Step =>
  endTransaction(phase.transaction, 'refused', () =>
    say(reply, { at: 'ready', hello: phase.hello }),
  )
