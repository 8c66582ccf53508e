import { type Address, isInternational } from '../../smtp/address.ts'
import { type Parameters, parseParameters } from '../../smtp/parameters.ts'
import { parsePath, splitArgument } from '../../smtp/path.ts'
import { type Command, command, type Turn } from '../command.ts'
import * as replies from '../replies.ts'
import { ask, fault, say, type Step } from '../step.ts'
import { changeTransaction } from '../transaction.ts'
import { replyClass } from '../verdicts.ts'

/** RFC 5321 §4.1.1.3. */
export const rcpt: Command = command({
  verb: 'RCPT',
  legalIn: ['mail'],
  elsewhere: () => replies.mailBeforeRcpt,
  endsGroup: false,
  start(turn, rest) {
    const argument = splitArgument(rest, 'TO:')
    if (argument === undefined) return fault(replies.syntaxError)
    const parameters = parseParameters(argument.parameters)
    if (parameters === undefined) return fault(replies.syntaxError)
    const { transaction, hello } = turn.phase
    if (transaction.envelope.recipients.length >= turn.settings.maxRecipients)
      return say(replies.tooManyRecipients)
    return ask(
      'rcptPre',
      [argument.path, parameters],
      { transaction },
      ({ result: path, failure }) => {
        if (failure !== undefined) return say(replies.refusal(failure, replies.refusals.rcpt))
        const recipient = parsePath(path)
        if (recipient === undefined || recipient === null) return fault(replies.badRecipient)
        for (const keyword of parameters.keys())
          if (!hello.rcptParameters.has(keyword)) return fault(replies.unknownParameter(keyword))
        // RFC 6531 §3.5.
        if (isInternational(recipient) && !transaction.envelope.parameters.has('SMTPUTF8'))
          return say(replies.needsSmtpUtf8)
        return decide(turn, recipient, parameters)
      },
    )
  },
})

function decide({ phase }: Turn<'mail'>, recipient: Address, parameters: Parameters): Step {
  const { transaction } = phase
  return ask('rcpt', [recipient, parameters], { transaction }, ({ result, changes }) => {
    if (result.verdict === 'deny') return say(replies.refusal(result, replies.refusals.rcpt))
    // Nobody vouched for this recipient: taking it would make an open relay.
    if (result.verdict === 'declined') return say(replies.undecided)
    if (result.verdict === 'done' && replyClass(result) !== 2) return say(result.reply)
    const reply =
      result.verdict === 'done' ? result.reply : replies.recipientOk(replies.shown(recipient))
    const { envelope } = transaction
    const recipients = [...envelope.recipients, { address: recipient, parameters }]
    const accepted = { ...transaction, envelope: { ...envelope, recipients } }
    return say(reply, { ...phase, transaction: changeTransaction(accepted, changes) })
  })
}
